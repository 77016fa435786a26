"""Pages of literature reviews: each state in plain words, results with quotes and numbered references."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client

from clinical.answers.document import claim_document, source_document
from clinical.errors import QueueUnavailable, ReviewNotFound
from clinical.reviews.domain import Review, ReviewStatus
from clinical.web.views import reviews
from tests.clinical.web.conftest import CLAIMS, QUOTE, SOURCE

SignIn = Callable[[str], Client]

RESULT = {
    "question": "Which anticoagulant?",
    "summary": "2 articles found.",
    "sections": [{"heading": "Guidelines", "claims": [claim_document(CLAIMS[1])]}],
    "references": [{**source_document(SOURCE), "source_id": "other"}, source_document(SOURCE)],
    "articles_without_conclusion": 3,
    "dropped_claims": 1,
    "limits": "Abstracts only.",
}
REVIEW = Review(
    id="r-1",
    status=ReviewStatus.RUNNING,
    question="Which <one>?",
    done=3,
    total=20,
    expires_in_seconds=86_390,
)


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch, sign_in: SignIn) -> Callable[[Review], str]:
    """A review's page as ravi sees it."""

    def page(review: Review) -> str:
        monkeypatch.setattr(reviews, "read_review", lambda actor, review_id: review)
        return sign_in("ravi").get(f"/reviews/{review.id}").content.decode()

    return page


def test_a_running_review_shows_progress_expiry_and_a_way_to_cancel(shown: Callable[[Review], str]) -> None:
    page = shown(REVIEW)
    assert "3 of 20 articles read" in page
    assert '<progress id="read" max="20" value="3">' in page
    assert "deleted in 23\xa0hours, 59\xa0minutes" in page
    assert 'action="/reviews/r-1/cancel"' in page
    assert '<meta http-equiv="refresh"' in page
    assert "Which &lt;one&gt;?" in page


def test_a_finished_review_shows_its_claims_with_quotes_and_numbered_references(
    shown: Callable[[Review], str],
) -> None:
    page = shown(replace(REVIEW, status=ReviewStatus.DONE, result=RESULT))
    for part in (
        "2 articles found.",
        "Abstracts only.",
        "reference 2",
        QUOTE,
        "3 articles had no conclusion",
    ):
        assert part in page, part
    assert "refresh" not in page
    assert "cancel" not in page.lower()


@pytest.mark.parametrize(
    ("status", "words"),
    [(ReviewStatus.FAILED, "could not be written"), (ReviewStatus.CANCELLED, "was cancelled")],
)
def test_a_review_without_result_says_why(
    shown: Callable[[Review], str], status: ReviewStatus, words: str
) -> None:
    assert words in shown(replace(REVIEW, status=status))


def test_an_expired_review_is_not_found(sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(actor: object, review_id: str) -> None:
        raise ReviewNotFound("No such review")

    monkeypatch.setattr(reviews, "read_review", gone)
    response = sign_in("ravi").get("/reviews/r-1")
    assert response.status_code == 404
    assert "it has expired" in response.content.decode()


def test_starting_a_review_enqueues_it_and_leads_to_its_page(
    sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    enqueued: list[str] = []
    monkeypatch.setattr(reviews, "start_review", lambda actor, *, question: "r-1")
    monkeypatch.setattr(reviews, "enqueue_review", enqueued.append)
    response = sign_in("alma").post("/reviews", {"question": "Which?"})
    assert (response.headers["Location"], enqueued) == ("/reviews/r-1", ["r-1"])


def test_an_empty_question_is_told_beside_the_form(sign_in: SignIn) -> None:
    response = sign_in("ravi").post("/reviews", {"question": " "})
    assert response.status_code == 422
    assert "The question is empty" in response.content.decode()


def test_the_question_survives_a_queue_that_is_down(sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    def down(actor: object, **question: Any) -> str:
        raise QueueUnavailable("Redis does not answer")

    monkeypatch.setattr(reviews, "start_review", down)
    response = sign_in("ravi").post("/reviews", {"question": "Which?"})
    assert response.status_code == 503
    assert ">Which?</textarea>" in response.content.decode()


def test_cancelling_leads_back_to_the_review(sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    cancelled: list[str] = []
    monkeypatch.setattr(reviews, "cancel_review", lambda actor, review_id: cancelled.append(review_id))
    response = sign_in("ravi").post("/reviews/r-1/cancel")
    assert (response.headers["Location"], cancelled) == ("/reviews/r-1", ["r-1"])
