"""Literature reviews on a real Redis: sealed, watched, cancelled, expired."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
import redis
from cryptography.exceptions import InvalidTag
from django.test import Client

from audit.services import recorded_since
from clinical.errors import QuestionInvalid, QueueUnavailable, ReviewNotFound
from clinical.reviews import store
from clinical.reviews.domain import ReviewStatus
from clinical.reviews.sealing import seal, unseal
from clinical.reviews.services import cancel_review, list_reviews, read_review, start_review, write_review
from clinical.reviews.tasks import enqueue_review
from compliance.access.models import Account
from compliance.errors import AccessDenied
from tests.clinical.answers.conftest import ScriptedEngine, small_evidence  # noqa: F401 - a fixture
from tests.conftest import PASSWORD

pytestmark = [pytest.mark.usefixtures("redis_server", "small_evidence"), pytest.mark.django_db]

QUESTION = "Is apixaban anticoagulation associated with fewer strokes in atrial fibrillation?"
CANARY = "canary7431"
Cast = dict[str, Account]


@pytest.fixture(autouse=True)
def empty_redis(redis_server: None, settings: Any) -> redis.Redis:
    client = redis.Redis.from_url(settings.REDIS_URL)
    client.flushall()
    return client


def test_a_review_is_written_with_a_checked_conclusion_and_its_reference(cast: Cast) -> None:
    ravi = cast["ravi"].actor
    review_id = start_review(ravi, question=QUESTION)
    assert read_review(ravi, review_id).status is ReviewStatus.QUEUED
    write_review(review_id, engine=ScriptedEngine())
    review = read_review(ravi, review_id)
    assert review.status is ReviewStatus.DONE
    assert review.result
    [section] = review.result["sections"]
    [citation] = section["claims"][0]["citations"]
    assert citation["source_id"] == review.result["references"][0]["source_id"] == "pmid:1"
    assert citation["quote"].startswith("Anticoagulation with apixaban")
    assert review.result["dropped_claims"] == 1


def test_a_question_that_the_literature_does_not_hold_says_so(cast: Cast) -> None:
    review_id = start_review(cast["ravi"].actor, question="Does zorblaxumab cure the blorf?")
    write_review(review_id, engine=ScriptedEngine())
    result = read_review(cast["ravi"].actor, review_id).result
    assert result
    assert result["summary"].startswith("Not enough evidence")
    assert result["sections"] == []


def test_redis_holds_question_and_result_only_sealed_and_for_a_time(
    cast: Cast, empty_redis: redis.Redis
) -> None:
    review_id = start_review(cast["ravi"].actor, question=f"{QUESTION} {CANARY}")
    enqueue_review(review_id)
    write_review(review_id, engine=ScriptedEngine())
    dump = b"".join(value for key in empty_redis.keys() if (value := empty_redis.dump(key)))  # noqa: SIM118 - Redis has no iterator
    assert CANARY.encode() not in dump
    assert b"apixaban" not in dump
    assert 0 < empty_redis.ttl(f"tacit:review:{review_id}") <= 24 * 3600


def test_the_queue_carries_an_id_and_nothing_else(cast: Cast, empty_redis: redis.Redis) -> None:
    review_id = start_review(cast["ravi"].actor, question=QUESTION)
    enqueue_review(review_id)
    message = json.loads(empty_redis.lindex("celery", 0) or b"")
    assert message["headers"]["argsrepr"] == f"('{review_id}',)"
    assert "apixaban" not in json.dumps(message)


def test_a_cancelled_review_stays_cancelled(cast: Cast) -> None:
    ravi = cast["ravi"].actor
    review_id = start_review(ravi, question=QUESTION)
    assert cancel_review(ravi, review_id).status is ReviewStatus.CANCELLED
    engine = ScriptedEngine()
    write_review(review_id, engine=engine)
    assert read_review(ravi, review_id).status is ReviewStatus.CANCELLED
    assert engine.drafts == []
    assert not store.finish(review_id, result={"references": []})


def test_an_expired_review_is_gone_and_does_not_come_back(cast: Cast, empty_redis: redis.Redis) -> None:
    ravi = cast["ravi"].actor
    review_id = start_review(ravi, question=QUESTION)
    empty_redis.delete(f"tacit:review:{review_id}")
    with pytest.raises(ReviewNotFound):
        read_review(ravi, review_id)
    assert not store.advance(review_id, status=ReviewStatus.RUNNING, done=1, total=2)
    assert list_reviews(ravi) == []


def test_nobody_sees_anothers_review(cast: Cast) -> None:
    review_id = start_review(cast["ravi"].actor, question=QUESTION)
    with pytest.raises(ReviewNotFound):
        read_review(cast["alma"].actor, review_id)
    with pytest.raises(ReviewNotFound):
        cancel_review(cast["alma"].actor, review_id)
    assert list_reviews(cast["alma"].actor) == []


def test_a_review_that_fails_says_so_and_is_recorded(cast: Cast) -> None:
    review_id = start_review(cast["ravi"].actor, question=QUESTION)

    class Broken(ScriptedEngine):
        def write(self, draft: object) -> Any:
            raise RuntimeError(CANARY)

    write_review(review_id, engine=Broken())
    assert read_review(cast["ravi"].actor, review_id).status is ReviewStatus.FAILED
    last = list(recorded_since(datetime(2020, 1, 1, tzinfo=UTC)))[-1]
    assert (last.event.action, last.event.reason) == ("review", "RuntimeError")


def test_roles_and_questions_are_checked_at_the_door(cast: Cast) -> None:
    with pytest.raises(AccessDenied):
        start_review(cast["olga"].actor, question=QUESTION)
    with pytest.raises(QuestionInvalid):
        start_review(cast["ravi"].actor, question="")


def test_no_redis_is_a_typed_error_and_a_problem(cast: Cast, settings: Any) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:9/0"
    with pytest.raises(QueueUnavailable):
        start_review(cast["ravi"].actor, question=QUESTION)
    client = Client()
    client.login(username="ravi", password=PASSWORD)
    response = client.post(
        "/api/v1/reviews", json.dumps({"question": QUESTION}), content_type="application/json"
    )
    assert (response.status_code, response.json()["type"]) == (503, "urn:tacit:problem:queue-unavailable")


def test_the_api_starts_watches_and_cancels(cast: Cast) -> None:
    client = Client()
    client.login(username="ravi", password=PASSWORD)
    started = client.post(
        "/api/v1/reviews", json.dumps({"question": QUESTION}), content_type="application/json"
    )
    assert started.status_code == 202
    watched = client.get(started["Location"])
    assert watched.json()["status"] == "queued"
    assert client.delete(started["Location"]).json()["status"] == "cancelled"
    assert [review["status"] for review in client.get("/api/v1/reviews").json()] == ["cancelled"]


def test_a_seal_holds_against_change_and_exchange() -> None:
    sealed = seal({"a": CANARY}, secret="s" * 50, review_id="one")
    assert CANARY.encode() not in sealed
    assert unseal(sealed, secret="s" * 50, review_id="one") == {"a": CANARY}
    for wrong in (sealed[:-1] + bytes([sealed[-1] ^ 1]), sealed[:12] + sealed[13:]):
        with pytest.raises(InvalidTag):
            unseal(wrong, secret="s" * 50, review_id="one")
    with pytest.raises(InvalidTag):
        unseal(sealed, secret="s" * 50, review_id="two")
