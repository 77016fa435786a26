"""Harmless questions of random words, and how a server took them."""

import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from clinical.inference.domain import LibraryDraft, Limits, PublicMessage, PublicText
from clinical.inference.remote.answer import Answer, Counts
from clinical.inference.remote.checks.server import Server
from clinical.inference.remote.connection import Exchange
from clinical.inference.remote.request import keep_nothing, request_body
from clinical.inference.remote.responses import error_of

_WORDS = (
    "apple river stone lamp cloud garden paper window bridge candle forest mirror "
    "ladder pocket silver harbour meadow kettle button carpet"
).split()
# The two messages make about 200 tokens. They differ from their first word on: llama-server would give a question
# that begins like an earlier one the same slot.
_WORDS_EACH = 90


@dataclass(frozen=True, kw_only=True)
class Question:
    """A question that nobody has asked before."""

    rules: str
    words: str


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What a server said it did with a question, and the seconds until it began to answer."""

    counts: Counts
    seconds_to_first: float


def new_question() -> Question:
    """Return a question of about 200 tokens."""
    return Question(rules=_random_words(), words=_random_words())


def ask(server: Server, question: Question, fields: Mapping[str, Any] | None = None) -> Reading:
    """Return how the server took the question, asked as every draft is, or with `fields` about caching instead.

    Raises: EngineError.
    """
    body = _body(server, question)
    if fields is not None:
        asked = keep_nothing(server.kind).keys() - {"timings_per_token"}
        body = {name: value for name, value in body.items() if name not in asked} | dict(fields)
    started = time.monotonic()
    path = "/v1/chat/completions"
    with Exchange(server.endpoint, path, deadline=server.deadline, document=body) as exchange:
        if exchange.status != 200:
            raise error_of(exchange)
        answer = Answer(exchange)
        piece = answer.next_piece()
        seconds = time.monotonic() - started
        while piece:
            piece = answer.next_piece()
    return Reading(counts=answer.counts, seconds_to_first=seconds)


def _body(server: Server, question: Question) -> dict[str, Any]:
    draft = LibraryDraft(
        messages=(
            PublicMessage("system", PublicText(question.rules)),
            PublicMessage("user", PublicText(question.words)),
        ),
        limits=Limits(max_tokens=1, deadline_seconds=1),
    )
    return request_body(draft, model_id=server.model_id, kind=server.kind)


def _random_words() -> str:
    return " ".join(secrets.choice(_WORDS) for _ in range(_WORDS_EACH))
