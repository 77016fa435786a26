"""Small invented files for an ingest, and all that an index holds afterwards."""

from pathlib import Path

from clinical.evidence.corpora.ingest import ingest_into
from clinical.evidence.corpora.report import IngestReport
from clinical.evidence.domain import Source
from clinical.evidence.index import EvidenceIndex
from clinical.evidence.stored import corpus_tag


def article(
    number: int,
    *,
    title: str = "A study of gout",
    text: str = "Gout hurts.",
    doi: str = "",
    revised: str = "2021-06-07",
    types: tuple[str, ...] = (),
    link: tuple[str, int] | None = None,
) -> str:
    """Return a PubmedArticle."""
    year, month, day = revised.split("-")
    named = "".join(f"<PublicationType>{each}</PublicationType>" for each in types)
    linked = (
        f'<CommentsCorrectionsList><CommentsCorrections RefType="{link[0]}"><PMID>{link[1]}</PMID>'
        "</CommentsCorrections></CommentsCorrectionsList>"
        if link
        else ""
    )
    return (
        f"<PubmedArticle><MedlineCitation><PMID>{number}</PMID><DateRevised><Year>{year}</Year><Month>{month}</Month>"
        f"<Day>{day}</Day></DateRevised><Article><ArticleTitle>{title}</ArticleTitle><Abstract><AbstractText>{text}"
        f"</AbstractText></Abstract><PublicationTypeList>{named}</PublicationTypeList></Article>{linked}"
        f'</MedlineCitation><PubmedData><ArticleIdList><ArticleId IdType="doi">{doi}</ArticleId></ArticleIdList>'
        "</PubmedData></PubmedArticle>"
    )


def write_xml(path: Path, *records: str) -> Path:
    """Write a file of PubMed's."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"<PubmedArticleSet>{''.join(records)}</PubmedArticleSet>", encoding="utf-8")
    return path


def write_csv(path: Path, *rows: str) -> Path:
    """Write a table of id, title, abstract, pmid and doi."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(["id,title,abstract,pmid,doi", *rows]) + "\n", encoding="utf-8")
    return path


def ingest(folder: Path, *paths: Path, corpus: str = "pubmed") -> IngestReport:
    """Ingest the paths as the command does."""
    return ingest_into(folder, paths, corpus=corpus)


def sources(folder: Path, *corpora: str) -> dict[str, Source]:
    """Return everything that the index holds of the corpora (pubmed), by id."""
    index = EvidenceIndex(folder)
    return {
        source.id: source
        for name in corpora or ("pubmed",)
        for source in index.find(corpus_tag(name), 100_000)
    }
