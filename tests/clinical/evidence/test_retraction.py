"""Whether a work stands is known for so many days, and then no longer; a retraction is known for good."""

from datetime import date

import pytest

from clinical.evidence.domain import Retraction
from clinical.evidence.grading import is_citable
from clinical.evidence.retraction import Standing, notices_of, retraction_on, standing_words, works_of
from tests.clinical.evidence.corpus import make_article

CHECKED = date(2026, 1, 1)


@pytest.mark.parametrize(
    ("stored", "checked_on", "today", "state"),
    [
        (Retraction.NOT_RETRACTED, CHECKED, date(2026, 1, 1), Retraction.NOT_RETRACTED),
        (Retraction.NOT_RETRACTED, CHECKED, date(2026, 6, 30), Retraction.NOT_RETRACTED),
        (Retraction.NOT_RETRACTED, CHECKED, date(2026, 7, 1), Retraction.UNKNOWN),
        (Retraction.NOT_RETRACTED, None, date(2026, 1, 1), Retraction.UNKNOWN),
        (Retraction.UNKNOWN, CHECKED, date(2026, 1, 1), Retraction.UNKNOWN),
        (Retraction.RETRACTED, CHECKED, date(2036, 1, 1), Retraction.RETRACTED),
        (Retraction.RETRACTED, None, date(2026, 1, 1), Retraction.RETRACTED),
    ],
)
def test_a_check_holds_for_180_days_and_a_retraction_for_good(stored, checked_on, today, state):
    source = make_article("Gout hurts.", retraction=stored, retraction_checked_on=checked_on)
    assert retraction_on(source, today) == Standing(state, checked_on)


def test_the_days_are_the_hospitals_to_choose():
    source = make_article("x", retraction=Retraction.NOT_RETRACTED, retraction_checked_on=CHECKED)
    assert retraction_on(source, date(2026, 1, 9), check_days=7).state is Retraction.UNKNOWN


@pytest.mark.parametrize(
    ("standing", "words"),
    [
        (Standing(Retraction.RETRACTED, None), "Retracted: it is never cited as evidence."),
        (Standing(Retraction.NOT_RETRACTED, CHECKED), "Not retracted. Last checked on 2026-01-01."),
        (
            Standing(Retraction.UNKNOWN, CHECKED),
            "Not known whether it was retracted. Last checked on 2026-01-01.",
        ),
        (Standing(Retraction.UNKNOWN, None), "Not known whether it was retracted. Nobody has checked."),
    ],
)
def test_each_state_is_said_in_words(standing, words):
    assert standing_words(standing) == words


def test_only_a_retracted_work_is_no_evidence():
    def citable(**facts: object) -> bool:
        return is_citable(make_article("Gout hurts.", **facts))

    assert not citable(retraction=Retraction.RETRACTED)
    assert citable(retraction=Retraction.UNKNOWN)
    assert citable(retraction=Retraction.NOT_RETRACTED, has_concern=True, is_corrected=True)


def test_a_work_is_known_by_pmid_and_by_doi_in_any_case():
    assert works_of(make_article("x", pmid="7", doi="10.1000/ABC")) == ("pmid:7", "doi:10.1000/abc")
    assert works_of(make_article("x")) == ()


def test_links_that_say_nothing_of_others_are_no_notices():
    assert notices_of([("CommentOn", "pmid:1"), ("RetractionIn", "pmid:2")]) == ()
    assert notices_of([("RetractionOf", "pmid:1"), ("RetractionOf", "pmid:1")]) == ("retraction pmid:1",)
