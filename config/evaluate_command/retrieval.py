"""`manage.py evaluate retrieval`."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.core.management.base import CommandParser

from clinical.evaluation.data.beir import read_beir
from clinical.evaluation.errors import FolderNotEmpty, OutputUnwritable
from clinical.evaluation.suites.figures import Figures
from clinical.evaluation.suites.indexing import Side, index_corpus, search_in
from clinical.evaluation.suites.retrieval import evaluate_retrieval
from config.evaluate_command.suite import Suite, tracked
from config.progress import progress_bar
from config.subcommand import Output
from config.values import positive


class Retrieval(Suite):
    """Measures the search."""

    name = "retrieval"
    help = (
        "Index a BEIR folder's corpus, search for its queries, and compare with what people judged relevant."
    )
    data_help = "a folder with corpus.jsonl and queries.jsonl (plain or gzip), and qrels.tsv"

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        super().add_arguments(parser)
        parser.add_argument("--split", help="score by qrels/SPLIT.tsv (qrels.tsv, or qrels/test.tsv)")
        parser.add_argument("--limit-queries", type=positive, metavar="N", help="only the first N queries")
        parser.add_argument(
            "--keep", type=Path, metavar="FOLDER", help="leave the index there (a new folder)"
        )
        sides = parser.add_mutually_exclusive_group()
        for side in (Side.BM25, Side.DENSE):
            sides.add_argument(
                f"--{side.value}",
                dest="side",
                action="store_const",
                const=side,
                default=Side.HYBRID,
                help="one half of the search, for comparison",
            )

    def measure(self, options: Mapping[str, Any], output: Output) -> Figures:
        """Return the figures."""
        data = read_beir(options["data"], split=options["split"])
        with _index_folder(options["keep"]) as folder:
            with progress_bar("Indexing") as progress:
                built = index_corpus(folder, data.corpus, progress=progress)
            search = search_in(folder, options["side"])
            figures = evaluate_retrieval(data.queries[: options["limit_queries"]], search, track=tracked)
        return {**figures, **built, "search": options["side"].value}


@contextmanager
def _index_folder(keep: Path | None) -> Iterator[Path]:
    """Give the folder to build in; one that nobody wants to keep is gone afterwards. Raises: FolderNotEmpty, OutputUnwritable."""
    if keep is None:
        with TemporaryDirectory(prefix="tacit-evaluation-") as folder:
            yield Path(folder)
        return
    if keep.exists() and (not keep.is_dir() or any(keep.iterdir())):
        raise FolderNotEmpty(keep)
    try:
        keep.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputUnwritable(keep, error.strerror or "no reason given") from None
    yield keep
