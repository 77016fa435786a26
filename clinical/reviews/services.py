"""Start, write, watch and cancel literature reviews."""

import logging

from django.conf import settings

from audit.domain import Event, Outcome, new_event_id
from audit.services import append
from clinical.answers.asking.questions import check_question
from clinical.errors import ReviewNotFound
from clinical.evidence.services import best_sources
from clinical.inference.client import Engine
from clinical.inference.domain import PublicText
from clinical.inference.services import configured_engine
from clinical.reviews import store
from clinical.reviews.domain import Review, ReviewStatus
from clinical.reviews.synthesis import Cancelled, synthesise
from compliance.access.domain import Action, Actor
from compliance.access.services import authorize_use

logger = logging.getLogger(__name__)

ARTICLES = 20


def start_review(actor: Actor, *, question: str) -> str:
    """Record the request, keep the question sealed, and return the review's id; the door then enqueues it.

    Raises: QuestionInvalid, AccessDenied (recorded first), QueueUnavailable, AuditUnavailable.
    """
    text = check_question(question)
    review_id = str(new_event_id())
    authorize_use(actor, action=Action.REVIEW_LITERATURE, detail={"job_id": review_id})
    store.create(review_id, owner=actor, question=text)
    return review_id


def write_review(review_id: str, *, engine: Engine | None = None) -> None:
    """Write one queued review; what goes wrong is recorded and shown as `failed`, without its content."""
    owner, review = store.read(review_id)
    if review.status.is_final:
        return
    try:
        source_ids = _written(review, engine or configured_engine())
    except Cancelled:
        return
    except Exception as error:
        logger.exception("review %s failed", review_id)
        store.end(review_id, ReviewStatus.FAILED)
        _record(owner, review_id, Outcome.FAILED, reason=type(error).__name__)
        return
    _record(owner, review_id, Outcome.SUCCESS, source_ids=source_ids)


def read_review(actor: Actor, review_id: str) -> Review:
    """Return the actor's own review. Raises: ReviewNotFound (also for another's), QueueUnavailable."""
    owner, review = store.read(review_id)
    if owner != actor:
        raise ReviewNotFound("No such review")
    return review


def list_reviews(actor: Actor) -> list[Review]:
    """Return the actor's reviews that have not expired, newest first. Raises: QueueUnavailable."""
    reviews = []
    for review_id in store.ids_of(actor.username):
        try:
            reviews.append(store.read(review_id)[1])
        except ReviewNotFound:
            continue  # it has expired since it was listed
    return reviews


def cancel_review(actor: Actor, review_id: str) -> Review:
    """Stop the actor's own review; one that is over stays as it is. Raises: ReviewNotFound, QueueUnavailable."""
    read_review(actor, review_id)
    if store.end(review_id, ReviewStatus.CANCELLED):
        _record(actor, review_id, Outcome.FAILED, reason="cancelled")
    return read_review(actor, review_id)


def fail_unqueued(review_id: str) -> None:
    """Mark a review that could not be enqueued, so that nobody waits for it."""
    store.end(review_id, ReviewStatus.FAILED)


def _written(review: Review, engine: Engine) -> list[str]:
    sources = best_sources(review.question, limit=ARTICLES)
    total = len(sources)
    result = synthesise(
        # A review's question names no patient: the form and the API say so to whoever writes it.
        PublicText(review.question),
        sources,
        engine=engine,
        deadline_seconds=settings.TACIT_ENGINE_DEADLINE_SECONDS,
        on_progress=lambda done: store.advance(
            review.id, status=ReviewStatus.RUNNING, done=done, total=total
        ),
    )
    if not store.finish(review.id, result=result):
        raise Cancelled("The review was cancelled")
    return [reference["source_id"] for reference in result["references"]]


def _record(
    owner: Actor, review_id: str, outcome: Outcome, *, reason: str = "", source_ids: list[str] | None = None
) -> None:
    detail: dict[str, object] = {"job_id": review_id}
    if source_ids is not None:
        detail["source_ids"] = source_ids
    append(
        Event(
            action="review",
            outcome=outcome,
            actor=owner.username,
            role=owner.role,
            reason=reason,
            detail=detail,
        )
    )
