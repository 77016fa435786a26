"""The narrative of sections that have no entries we read, and an unstructured body: FHIR DocumentReferences."""

from base64 import b64encode
from collections.abc import Iterator

from ehr_integration.ccda.context import Context
from ehr_integration.ccda.elements import Element, JsonObject, attribute, concept, first, plain_text, words_of


def narrative_note(section: Element, context: Context) -> Iterator[JsonObject]:
    """Yield the narrative of a section as a note; one that says it has no information yields nothing."""
    text = first(section, "text")
    words = plain_text(text) if text is not None else ""
    if not words or attribute(section, "nullFlavor"):
        return
    yield _note(section, words, "text/plain", context)


def unstructured_note(document: Element, context: Context) -> Iterator[JsonObject]:
    """Yield the body of a document without structure: its text, or the file that it encloses or refers to."""
    text = first(document, "component", "nonXMLBody", "text")
    if text is None:
        return
    kind = attribute(text, "mediaType") or "text/plain"
    if attribute(text, "representation") == "B64":
        data = "".join(plain_text(text).split())
        yield _document(document, {"contentType": kind, "data": data}, context)
    elif words := plain_text(text):
        yield _note(document, words, kind, context)
    else:
        yield _document(document, {"contentType": kind}, context)  # elsewhere; never fetched


def _note(element: Element, words: str, kind: str, context: Context) -> JsonObject:
    return _document(element, {"contentType": kind, "data": b64encode(words.encode()).decode()}, context)


def _document(element: Element, attachment: JsonObject, context: Context) -> JsonObject:
    author = context.author(element)
    title = words_of(first(element, "title"), context.narrative)
    kind = concept(first(element, "code"), context.narrative) or {}
    return context.resource(
        "DocumentReference",
        element,
        {
            "status": "current",
            "type": {**kind, "text": title or kind.get("text", "Note")},
            "date": context.made_at,
            "author": [author] if author else None,
            "content": [{"attachment": attachment}],
        },
    )
