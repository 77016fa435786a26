"""A source with its text, and the quote marked where it stands."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from clinical.answers.document import source_document
from clinical.evidence.retraction import standing_words
from clinical.evidence.services import read_source, standing_of
from clinical.web.errors import problems_shown


@dataclass(frozen=True)
class MarkedText:
    """A text in three parts; without a quote all of it is `before`."""

    before: str
    quote: str = ""
    after: str = ""


@require_safe
@problems_shown
def source(request: HttpRequest) -> HttpResponse:
    """Show the source of `id`, with the characters from `start` to `end` marked."""
    found = read_source(request.GET.get("id", ""))
    text = marked(found.text, start=request.GET.get("start", ""), end=request.GET.get("end", ""))
    standing = standing_of(found)
    return render(
        request,
        "web/source.html",
        {
            "source": source_document(found),
            "found": found,
            "standing": standing,
            "standing_words": standing_words(standing),
            "text": text,
        },
    )


def marked(text: str, *, start: str, end: str) -> MarkedText:
    """Return the text cut at the offsets (in characters); uncut where they are not offsets of it."""
    try:
        first, last = int(start), int(end)
    except ValueError:
        return MarkedText(text)
    if not 0 <= first < last <= len(text):
        return MarkedText(text)
    return MarkedText(text[:first], text[first:last], text[last:])
