"""The starter literature, as `make content` unpacks it."""

from collections.abc import Iterator
from pathlib import Path

from clinical.evidence.domain import PUBMED, Source
from clinical.evidence.readers import read

CONTENT = Path(__file__).resolve().parent.parent / ".venv" / "content"
LITERATURE = CONTENT / "data"


def articles(folder: Path) -> Iterator[Source]:
    """Yield the articles of the folder's PubMed files, with and without an abstract. Raises: CorpusUnreadable."""
    for path in sorted(folder.glob("pubmed*.xml.gz")):
        yield from (record for record in read(path, corpus=PUBMED) if isinstance(record, Source))
