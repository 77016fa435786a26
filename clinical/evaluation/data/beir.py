"""A folder laid out as BEIR does: `corpus.jsonl`, `queries.jsonl`, and who judged what relevant.

Source: Thakur et al., BEIR, NeurIPS 2021 (arXiv:2104.08663).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from clinical.evaluation.data.lines import existing, numbered_lines
from clinical.evaluation.data.rows import read_rows
from clinical.evaluation.errors import DataEmpty, DataInvalid, DataMissing

FOLDER = "a BEIR folder with corpus.jsonl, queries.jsonl and qrels.tsv"
DEFAULT_SPLIT = "test"


@dataclass(frozen=True)
class Query:
    """A question, and the grades of the documents that were judged for it (0: not relevant)."""

    id: str
    text: str
    grades: Mapping[str, int]


@dataclass(frozen=True)
class BeirFolder:
    """Where the corpus lies, and the queries that can be scored, in the order of their file."""

    corpus: Path
    queries: tuple[Query, ...]


def read_beir(folder: Path, *, split: str | None = None) -> BeirFolder:
    """Return the folder's corpus and the queries with something relevant to find.

    `split` names a file of `qrels/`; without it `qrels.tsv` counts, or `qrels/test.tsv` where there is none.
    Raises: DataMissing, DataUnreadable, DataInvalid, DataEmpty.
    """
    if not folder.is_dir():
        raise DataMissing(folder, FOLDER)
    corpus = existing(folder, "corpus.jsonl", "corpus.jsonl.gz", wanted=f"the documents of {FOLDER}")
    file = existing(folder, "queries.jsonl", "queries.jsonl.gz", wanted=f"the queries of {FOLDER}")
    grades = _read_grades(_judgements_of(folder, split))
    rows = read_rows(file, wanted=f"the queries of {FOLDER}")
    named = ((row.text("_id", "id"), row) for row in rows)
    queries = tuple(Query(each, row.text("text"), grades[each]) for each, row in named if each in grades)
    if not queries:
        raise DataEmpty(folder, "no query has a document that was judged relevant")
    return BeirFolder(corpus, queries)


def _judgements_of(folder: Path, split: str | None) -> Path:
    names = [f"qrels/{split or DEFAULT_SPLIT}.tsv"]
    if split is None:
        names = ["qrels.tsv", "qrels.tsv.gz", *names]
    return existing(folder, *names, wanted=f"the judgements of {FOLDER}")


def _read_grades(path: Path) -> dict[str, dict[str, int]]:
    """Return the grades by query and document, of the queries with something relevant."""
    grades: dict[str, dict[str, int]] = {}
    for number, line in numbered_lines(path, wanted=f"the judgements of {FOLDER}"):
        columns = line.split("\t") if "\t" in line else line.split()
        if number == 1 and columns[0].strip().lower() in {"query-id", "query_id", "qid"}:
            continue
        query, document, grade = _judgement(columns, f"{path}, line {number}")
        grades.setdefault(query, {})[document] = grade
    return {query: judged for query, judged in grades.items() if max(judged.values()) > 0}


def _judgement(columns: list[str], where: str) -> tuple[str, str, int]:
    """Return query, document and grade of BEIR's three columns or TREC's four."""
    if len(columns) not in (3, 4):
        raise DataInvalid(where, "neither `query-id corpus-id score` nor the four columns of TREC")
    query, document, grade = columns[0].strip(), columns[-2].strip(), columns[-1].strip()
    try:
        return query, document, int(float(grade))
    except (ValueError, OverflowError):
        raise DataInvalid(where, "its score is no number") from None
