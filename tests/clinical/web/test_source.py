"""A source's page marks the exact quote, and nothing where the offsets are not of its text."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from django.test import Client
from django.utils import timezone

from clinical.evidence.domain import Retraction, Source
from clinical.evidence.errors import SourceNotFound
from clinical.web.views import source
from tests.clinical.web.conftest import PASSAGE, QUOTE, SOURCE, TEXT

SignIn = Callable[[str], Client]
TODAY = timezone.localdate()


@pytest.fixture(autouse=True)
def library(monkeypatch: pytest.MonkeyPatch) -> dict[str, Source]:
    sources = {
        SOURCE.id: SOURCE,
        "old": replace(SOURCE, id="old", retraction=Retraction.RETRACTED),
        "checked": replace(
            SOURCE, id="checked", retraction=Retraction.NOT_RETRACTED, retraction_checked_on=TODAY
        ),
        "stale": replace(
            SOURCE, id="stale", retraction=Retraction.NOT_RETRACTED, retraction_checked_on=date(2020, 2, 3)
        ),
        "doubted": replace(SOURCE, id="doubted", has_concern=True, is_corrected=True),
    }

    def read(source_id: str) -> Source:
        if source_id not in sources:
            raise SourceNotFound(source_id)
        return sources[source_id]

    monkeypatch.setattr(source, "read_source", read)
    return sources


def test_the_quote_is_marked_where_it_stands(sign_in: SignIn) -> None:
    asked = {"id": SOURCE.id, "start": str(PASSAGE.start), "end": str(PASSAGE.end)}
    page = sign_in("alma").get("/source", asked).content.decode()
    assert f'happen.\n<mark id="quote">{QUOTE}</mark> It bleeds less.' in page
    assert "&lt;b&gt;strokes&lt;/b&gt;" in page


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("", ""),
        ("a", "5"),
        ("-1", "5"),
        ("5", "5"),
        ("9", "5"),
        ("0", str(len(TEXT) + 1)),
        ("²", "5"),
        ("9" * 5000, "5"),
    ],
)
def test_offsets_that_are_none_leave_the_text_unmarked(sign_in: SignIn, start: str, end: str) -> None:
    response = sign_in("alma").get("/source", {"id": SOURCE.id, "start": start, "end": end})
    assert response.status_code == 200
    assert "<mark" not in response.content.decode()
    assert QUOTE in response.content.decode()


def test_the_last_character_can_be_quoted() -> None:
    assert source.marked("abc", start="2", end="3") == source.MarkedText("ab", "c", "")


@pytest.mark.parametrize(
    ("source_id", "words"),
    [
        ("old", "Retracted: it is never cited as evidence."),
        ("checked", f"Not retracted. Last checked on {TODAY}."),
        ("stale", "Not known whether it was retracted. Last checked on 2020-02-03."),
        (SOURCE.id, "Not known whether it was retracted. Nobody has checked."),
        ("doubted", "An expression of concern was published"),
        ("doubted", "An erratum was published"),
    ],
)
def test_a_page_says_whether_its_source_still_stands(sign_in: SignIn, source_id: str, words: str) -> None:
    assert words in sign_in("ravi").get("/source", {"id": source_id}).content.decode()


def test_nothing_is_said_of_concern_or_erratum_where_there_is_none(sign_in: SignIn) -> None:
    page = sign_in("ravi").get("/source", {"id": "checked"}).content.decode()
    assert "concern was" not in page
    assert "erratum was" not in page


def test_an_unknown_source_is_not_found_and_not_repeated(sign_in: SignIn) -> None:
    response = sign_in("alma").get("/source", {"id": "pmid:<script>"})
    assert response.status_code == 404
    assert "script>" not in response.content.decode().replace("</script>", "")
