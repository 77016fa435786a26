"""What search costs as the evidence grows: python -m benchmarks.million --documents 10000 100000 1000000.

For each size an index is built of the starter literature, repeated under other ids and with a fifth of the words
altered; then questions made of titles and sentences, their words altered too, are put to it by words and vectors
together, with a filter, and by words alone. Building and asking run in processes of their own, so that each has its
own peak of resident memory. Every document has an abstract and a row of vectors. Nothing is left on disk.
"""

import argparse
import json
import random
import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, replace
from itertools import cycle, islice
from multiprocessing import get_context
from pathlib import Path
from typing import TypeVar

from tqdm import tqdm

from benchmarks.literature import LITERATURE, articles
from clinical.evidence.domain import Filters, Source
from clinical.evidence.errors import EvidenceError
from clinical.evidence.grading import is_citable
from clinical.evidence.hybrid import HybridSearch
from clinical.evidence.index import EvidenceWriter
from clinical.evidence.vectors.static import WIDTH
from clinical.evidence.vectors.store import FACTS

SIZES = (10_000, 100_000)
COMMIT_EVERY = 20_000
QUESTIONS = 300
WARM_UP = 20
LIMIT = 10
RECENT = Filters(year_from=2015)
ALTERED_EVERY = 5
POOL = 20_000
PUBMED_RECORDS = 38_000_000

_Figures = TypeVar("_Figures")


@dataclass(frozen=True)
class Build:
    """What building took. `making_seconds` went into the documents themselves and is not in the rate."""

    documents: int
    documents_per_second: float
    making_seconds: float
    build_peak_mb: float
    words_bytes: int
    vectors_bytes: int


@dataclass(frozen=True)
class Asking:
    """What asking took: milliseconds of a question, by words and vectors and with a filter, and megabytes."""

    hybrid_p50_ms: float
    hybrid_p95_ms: float
    filtered_p95_ms: float
    search_peak_mb: float


@dataclass(frozen=True)
class Words:
    """What asking takes without vectors."""

    words_p50_ms: float
    words_p95_ms: float


class Altered:
    """Documents and questions made of the starter literature; the same in every run."""

    def __init__(self) -> None:
        """Read the starter literature. Raises: CorpusUnreadable."""
        self._sources = list(filter(is_citable, articles(LITERATURE)))
        self._random = random.Random(5)  # noqa: S311 - nothing secret
        said = [word for source in self._sources[::20] for word in source.text.split(" ")]
        self._pool = self._random.choices(said, k=POOL)

    def documents(self, amount: int) -> Iterator[Source]:
        """Yield so many documents."""
        for number, source in enumerate(islice(cycle(self._sources), amount)):
            copy = number // len(self._sources)
            yield replace(
                source,
                id=f"pmid:{number}",
                pmid=str(number),
                title=self._alter(source.title, copy),
                text=self._alter(source.text, copy),
            )

    def questions(self, amount: int) -> list[str]:
        """Return so many questions: titles and sentences in turn."""
        picked = self._random.sample(self._sources, amount)
        sentences = (self._random.choice(source.text.split(". ")) for source in picked)
        spoken = (
            said
            for source, sentence in zip(picked, sentences, strict=True)
            for said in (source.title, sentence)
        )
        return [self._alter(said, copy=1) for said in islice(spoken, amount)]

    def _alter(self, text: str, copy: int) -> str:
        """Return the text with every fifth word another, in later copies half the time one that is theirs alone."""
        words = text.split(" ")
        places = range(self._random.randrange(ALTERED_EVERY), len(words), ALTERED_EVERY)
        start = self._random.randrange(POOL // 2)
        for place, word in zip(places, self._pool[start : start + len(places)], strict=False):
            words[place] = f"{word}{copy}" if copy > 1 and place % 2 else word
        return " ".join(words)


def build(folder: Path, amount: int) -> Build:
    """Build the index in the folder."""
    documents = Altered().documents(amount)
    started = time.perf_counter()
    making = 0.0
    with EvidenceWriter(folder) as writer:
        for number in tqdm(range(1, amount + 1), unit="doc", desc=f"{amount:,} documents", mininterval=1):
            begun = time.perf_counter()
            document = next(documents)
            making += time.perf_counter() - begun
            writer.add(document)
            if number % COMMIT_EVERY == 0:
                writer.commit()
        writer.commit()
        seconds = time.perf_counter() - started - making
    return Build(
        documents=amount,
        documents_per_second=round(amount / seconds, 1),
        making_seconds=round(making, 1),
        build_peak_mb=_peak_mb(),
        words_bytes=_size(folder / "tantivy"),
        vectors_bytes=_size(folder / "vectors"),
    )


def ask(folder: Path) -> Asking:
    """Put the questions to the index."""
    questions = Altered().questions(WARM_UP + QUESTIONS)
    search = HybridSearch(folder).search
    both = _times(questions, lambda question: search(question, limit=LIMIT), "hybrid")
    filtered = _times(questions, lambda question: search(question, filters=RECENT, limit=LIMIT), "filtered")
    return Asking(
        hybrid_p50_ms=_percentile(both, 0.5),
        hybrid_p95_ms=_percentile(both, 0.95),
        filtered_p95_ms=_percentile(filtered, 0.95),
        search_peak_mb=_peak_mb(),
    )


def ask_words(folder: Path) -> Words:
    """Put the questions to an index without vectors."""
    questions = Altered().questions(WARM_UP + QUESTIONS)
    search = HybridSearch(folder).search
    alone = _times(questions, lambda question: search(question, limit=LIMIT), "words alone")
    return Words(words_p50_ms=_percentile(alone, 0.5), words_p95_ms=_percentile(alone, 0.95))


def _times(questions: Sequence[str], search: Callable[[str], object], what: str) -> list[float]:
    """Return the milliseconds of each question but the first few, which find the files cold."""
    taken = []
    for question in tqdm(questions, desc=what, mininterval=1):
        begun = time.perf_counter()
        search(question)
        taken.append(1_000 * (time.perf_counter() - begun))
    return sorted(taken[WARM_UP:])


def _percentile(ordered: Sequence[float], part: float) -> float:
    return round(ordered[min(int(part * len(ordered)), len(ordered) - 1)], 2)


def _peak_mb() -> float:
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_000, 1)


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.iterdir())


def measure(amount: int) -> dict[str, float]:
    """Return all figures of one size."""
    with tempfile.TemporaryDirectory(prefix="million-") as name:
        folder = Path(name)
        built = _alone(build, folder, amount)
        asked = _alone(ask, folder)
        shutil.rmtree(folder / "vectors")
        return asdict(built) | asdict(asked) | asdict(_alone(ask_words, folder))


def _alone(step: Callable[..., _Figures], *arguments: Path | int) -> _Figures:
    """Run the step in a process of its own."""
    with ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn")) as pool:
        return pool.submit(step, *arguments).result()


def project(measured: Sequence[dict[str, float]]) -> dict[str, float]:
    """Return what all of PubMed would need on such a machine, if each further document costs what the last ones did.

    Resident is what every question reads: the signs and facts of all rows. The rest is read from disk as needed.
    """
    largest = measured[-1]
    return {
        "documents": PUBMED_RECORDS,
        "build_hours": round(PUBMED_RECORDS / largest["documents_per_second"] / 3_600, 1),
        "words_gb": round(_further(measured, "words_bytes") / 1e9, 1),
        "vectors_gb": round(_further(measured, "vectors_bytes") / 1e9, 1),
        "read_by_every_question_gb": round(PUBMED_RECORDS * (WIDTH // 8 + FACTS.itemsize) / 1e9, 1),
        **{
            name: round(_further(measured, name))
            for name in ("hybrid_p50_ms", "hybrid_p95_ms", "words_p95_ms")
        },
    }


def _further(measured: Sequence[dict[str, float]], name: str) -> float:
    """Return the figure on the line through the two largest sizes, or through the origin and the only one."""
    smaller, largest = ([dict.fromkeys(measured[0], 0.0), *measured])[-2:]
    slope = (largest[name] - smaller[name]) / (largest["documents"] - smaller["documents"])
    return largest[name] + slope * (PUBMED_RECORDS - largest["documents"])


def main() -> int:
    """Run the benchmark."""
    summary, _, _ = (__doc__ or "").partition("\n")
    parser = argparse.ArgumentParser(prog="python -m benchmarks.million", description=summary)
    parser.add_argument(
        "--documents", type=int, nargs="+", default=SIZES, metavar="N", help="sizes to measure"
    )
    parser.add_argument("--json", action="store_true", help="one JSON object instead of a table")
    given = parser.parse_args()
    if min(given.documents) < 1:
        parser.exit(1, "--documents wants numbers above 0.\n")
    try:
        measured = [measure(amount) for amount in sorted(set(given.documents))]
    except EvidenceError as error:
        parser.exit(1, f"{error}\n")
    all_of_pubmed = project(measured)
    if given.json:
        sys.stdout.write(json.dumps({"measured": measured, "all_of_pubmed": all_of_pubmed}, indent=2) + "\n")
    else:
        sys.stdout.write(_table([*measured, all_of_pubmed]))
    return 0


def _table(columns: Sequence[dict[str, float]]) -> str:
    names = dict.fromkeys(name for column in columns for name in column)
    rows = [[name, *(f"{column[name]:,}" if name in column else "" for column in columns)] for name in names]
    lines = [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join([lines[0], "|---" * (len(columns) + 1) + "|", *lines[1:]]) + "\n"


if __name__ == "__main__":
    sys.exit(main())
