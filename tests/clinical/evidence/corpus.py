"""A small starter content folder of invented records, as the real one is laid out."""

import gzip
import shutil
from pathlib import Path

from clinical.evidence.domain import Grade, Kind, Source
from clinical.evidence.index import EvidenceWriter

DATA = Path(__file__).parent / "data"
ARTICLES = DATA / "articles.xml"
GUIDELINES = DATA / "guidelines"


def make_content_folder(folder: Path) -> Path:
    """Return a content folder with one file of articles and one guideline."""
    (folder / "data").mkdir(parents=True)
    with gzip.open(folder / "data" / "pubmed21n0001.xml.gz", "wb") as file:
        file.write(ARTICLES.read_bytes())
    shutil.copytree(GUIDELINES, folder / "open_medicine" / "guidelines")
    return folder


def fill(folder: Path, *sources: Source) -> Path:
    """Write the sources into the index in the folder, and return it."""
    with EvidenceWriter(folder) as writer:
        for source in sources:
            writer.add(source)
        writer.commit()
    return folder


def make_article(text: str, **changes: object) -> Source:
    """Return an article with this abstract."""
    fields: dict[str, object] = {
        "id": "pmid:1",
        "kind": Kind.ARTICLE,
        "title": "A study.",
        "text": text,
        "year": 2021,
        "grade": Grade.OTHER,
    }
    return Source(**(fields | changes))  # type: ignore[arg-type]  # each field has its own type


def make_guideline(text: str) -> Source:
    """Return a guideline section with this Markdown."""
    return make_article(text, id="doi:10.1000/x#s", kind=Kind.GUIDELINE, grade=Grade.GUIDELINE)
