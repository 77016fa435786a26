"""An answer that was given to alma and recorded, and the file that she saved."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from clinical.answers import services
from clinical.answers.document import answer_document
from clinical.answers.domain import Query
from clinical.answers.services import answer_question, last_event
from compliance.access.models import Account
from tests.clinical.web.conftest import answer_events

QUESTION = "Anticoagulate, with 50 µg or with naïve hope?"
Give = Callable[..., dict[str, Any]]


@pytest.fixture
def give(cast: dict[str, Account], monkeypatch: pytest.MonkeyPatch) -> Give:
    """Give an answer to an account, and return the saved document, as JSON brought it."""
    answer = last_event(answer_events()).answer
    monkeypatch.setattr(services, "answering", lambda *_args, **_named: iter([answer]))

    def given(username: str = "alma", question: str = QUESTION) -> dict[str, Any]:
        query = Query(patient_id="af-ckd", question=question)
        finished = last_event(answer_question(cast[username].actor, query))
        document = answer_document(finished.answer, finished.receipt, question=finished.question)
        saved: dict[str, Any] = json.loads(json.dumps(document))
        return saved

    return given
