"""Claims with the sentences that support or contradict them, and the abstracts that they cite.

Source: Wadden et al., SciFact, EMNLP 2020 (arXiv:2004.14974).
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from clinical.evaluation.data.rows import Row, read_rows
from clinical.evaluation.errors import DataEmpty, DataInvalid
from clinical.evidence.quoting.sentences import sentence_spans

CLAIMS = "claims as JSON Lines: claim, cited, evidence"
CORPUS = "the abstracts that the claims cite, as JSON Lines: _id, title, sentences (or text)"

SUPPORTED = "supported"
CONTRADICTED = "contradicted"
NOT_ENOUGH = "not_enough"
LABELS = {
    **dict.fromkeys(("SUPPORT", "SUPPORTS", "SUPPORTED"), SUPPORTED),
    **dict.fromkeys(
        ("CONTRADICT", "CONTRADICTS", "CONTRADICTED", "REFUTE", "REFUTES", "REFUTED"), CONTRADICTED
    ),
    **dict.fromkeys(("NEI", "NOT_ENOUGH_INFO", "NOT ENOUGH INFO", "NOT_ENOUGH"), NOT_ENOUGH),
}


@dataclass(frozen=True)
class Rationale:
    """Sentences (by position, from 0) of one document that together show the claim right or wrong."""

    document: str
    label: str
    sentences: frozenset[int]


@dataclass(frozen=True)
class Claim:
    """A claim, the documents that it cites, and what was found in them."""

    id: str
    text: str
    cited: tuple[str, ...]
    rationales: tuple[Rationale, ...]

    @property
    def label(self) -> str:
        """What its documents say together: the label that most of its rationales bear, the first where equal."""
        labels = [each.label for each in self.rationales]
        return max(labels, key=labels.count) if labels else NOT_ENOUGH


@dataclass(frozen=True)
class Abstract:
    """A cited document. `is_given` says that the sentences are the corpus's own, as the rationales count them."""

    id: str
    title: str
    sentences: tuple[str, ...]
    is_given: bool


def read_claims(path: Path) -> tuple[Claim, ...]:
    """Return the claims. Raises: DataMissing, DataUnreadable, DataInvalid, DataEmpty."""
    claims = tuple(_claim(row) for row in read_rows(path, wanted=CLAIMS))
    if not claims:
        raise DataEmpty(path, "it holds no claim")
    return claims


def read_abstracts(path: Path, wanted: Collection[str]) -> dict[str, Abstract]:
    """Return the documents with these ids, by id; the rest of the corpus is passed over.

    Raises: DataMissing, DataUnreadable, DataInvalid, DataEmpty.
    """
    rows = ((row.text("_id", "doc_id", "id"), row) for row in read_rows(path, wanted=CORPUS))
    found = {document: _abstract(document, row) for document, row in rows if document in wanted}
    if not found:
        raise DataEmpty(path, "it holds none of the documents that the claims cite")
    return found


def _claim(row: Row) -> Claim:
    rationales = tuple(_rationales(row))
    cited = row.find("cited", "cited_doc_ids", "doc_ids")
    documents = row.texts("cited", "cited_doc_ids", "doc_ids") if cited is not None else ()
    return Claim(
        id=row.text("_id", "id"),
        text=row.text("claim"),
        cited=tuple(dict.fromkeys([*documents, *(each.document for each in rationales)])),
        rationales=rationales,
    )


def _rationales(row: Row) -> Iterator[Rationale]:
    for document, entry in _entries(row):
        label = LABELS.get(str(entry.get("label")).upper())
        sentences = entry.get("sentences", [])
        if label is None:
            raise DataInvalid(row.where, "a label is neither SUPPORT, CONTRADICT nor NOT_ENOUGH_INFO")
        if not isinstance(sentences, list) or not all(isinstance(each, int) for each in sentences):
            raise DataInvalid(row.where, "the sentences of a rationale are no list of positions")
        if label != NOT_ENOUGH:
            yield Rationale(document, label, frozenset(sentences))


def _entries(row: Row) -> Iterator[tuple[str, Mapping[str, object]]]:
    """Yield document and entry of `[{doc_id, ...}]` or of SciFact's own `{doc_id: [{...}]}`."""
    evidence = row.find("evidence")
    if isinstance(evidence, list):
        listed = [(entry.get("doc_id") if isinstance(entry, dict) else None, entry) for entry in evidence]
    elif isinstance(evidence, dict):
        listed = [
            (document, entry)
            for document, entries in evidence.items()
            for entry in (entries if isinstance(entries, list) else [entries])
        ]
    else:
        raise DataInvalid(row.where, "evidence is missing, or neither a list nor an object")
    for document, entry in listed:
        if not isinstance(entry, dict) or not isinstance(document, str | int):
            raise DataInvalid(row.where, "an entry of evidence has no doc_id, label and sentences")
        yield str(document), entry


def _abstract(document: str, row: Row) -> Abstract:
    title = row.optional_text("title")
    if row.find("sentences", "abstract") is not None:
        return Abstract(document, title, row.texts("sentences", "abstract"), is_given=True)
    text = row.text("text")
    sentences = tuple(text[start:end] for start, end in sentence_spans(text, 0, len(text)))
    return Abstract(document, title, sentences, is_given=False)
