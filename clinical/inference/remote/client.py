"""Drafts from an OpenAI-compatible server: the same interface as the engine process of our own.

Nothing is kept here either: one connection for each draft, no log of what was asked, no error that quotes it.
"""

import time
from collections.abc import Generator
from typing import Any

from clinical.inference.domain import Draft, EngineInfo, Refusal, Usage
from clinical.inference.remote.answer import Answer, Counts
from clinical.inference.remote.connection import Deadline, Exchange
from clinical.inference.remote.endpoint import Endpoint
from clinical.inference.remote.errors import (
    ServerBusy,
    ServerFault,
    ServerRefused,
    ServerUnreachable,
    UnsafeServer,
)
from clinical.inference.remote.markers import check_messages
from clinical.inference.remote.request import ServerFacts, messages_of, request_body
from clinical.inference.remote.responses import error_of, find_model

# Before the second, third and fourth try, where the server does not say.
PAUSES_SECONDS = (0.25, 0.5, 1.0)
INFO_SECONDS = 5.0


class RemoteEngine:
    """A model on a server of the hospital's own. Safe to share between threads.

    It trusts `server`, which the probe brings: the product makes one with `probe.connect` only.
    """

    def __init__(self, endpoint: Endpoint, *, model_id: str, server: ServerFacts) -> None:
        self._endpoint = endpoint
        self._model_id = model_id
        self._server = server

    def info(self) -> EngineInfo:
        """Return which model writes. A server names its weights by a path or hub name, and never by their hash.

        Raises: ServerFault, EngineBusy, EngineTimeout.
        """
        entry = find_model(self._endpoint, self._model_id, Deadline.after(INFO_SECONDS))
        root = entry.get("root")
        return EngineInfo(model_id=self._model_id, file=root if isinstance(root, str) else "", sha256="")

    def write(self, draft: Draft) -> Generator[str, None, Usage]:
        """Return the draft's text in pieces; closing the generator cancels at the server.

        Raises: ServerRefused, before anything is sent for hostile text; ServerBusy; EngineTimeout; ServerFault.
        """
        check_messages(messages_of(draft), self._server.markers)
        self._check_room(0, draft)
        started = time.monotonic()
        deadline = Deadline.after(draft.limits.deadline_seconds)
        body = request_body(draft, model_id=self._model_id, kind=self._server.kind)
        answer, piece, waited = self._begin(body, deadline)
        first_at = time.monotonic()
        try:
            while piece:
                self._check_counts(answer.counts, draft)
                yield piece
                piece = answer.next_piece()
        finally:
            answer.close()
        return self._usage(answer.counts, draft, (waited, first_at - started, time.monotonic() - started))

    def _begin(self, body: dict[str, Any], deadline: Deadline) -> tuple[Answer, str, float]:
        """Return an answer, its first piece, and the seconds spent waiting. Nothing is tried again after it."""
        waited = 0.0
        for pause in (*PAUSES_SECONDS, None):
            try:
                answer, piece = self._try(body, deadline)
            except (ServerBusy, ServerUnreachable) as error:
                asked = error.asked_seconds if isinstance(error, ServerBusy) else None
                wait = pause if asked is None else asked
                if pause is None or wait is None or wait >= deadline.remaining():
                    raise
                time.sleep(wait)
                waited += wait
            else:
                return answer, piece, waited
        raise AssertionError("the last try returns or raises")

    def _try(self, body: dict[str, Any], deadline: Deadline) -> tuple[Answer, str]:
        exchange = Exchange(self._endpoint, "/v1/chat/completions", deadline=deadline, document=body)
        try:
            if exchange.status != 200:
                raise error_of(exchange, has_schema="response_format" in body)
            answer = Answer(exchange)
            return answer, answer.next_piece()
        except BaseException:
            exchange.close()
            raise

    def _usage(self, counts: Counts, draft: Draft, seconds: tuple[float, float, float]) -> Usage:
        if counts.prompt is None or counts.written is None:
            raise ServerFault(
                "The model server does not say how many tokens it read, so a prompt that it cut would not be "
                "noticed: use one that reports usage in streams"
            )
        self._check_counts(counts, draft)
        waiting, to_first_token, total = seconds
        return Usage(
            prompt_tokens=counts.prompt,
            written_tokens=counts.written,
            seconds_waiting=waiting,
            seconds_to_first_token=to_first_token,
            seconds=total,
        )

    def _check_counts(self, counts: Counts, draft: Draft) -> None:
        """Raise where the server read less than was sent, or knew some of it from an earlier request."""
        self._check_room(counts.prompt or 0, draft)
        if counts.reused:
            raise UnsafeServer(
                f"The model server reused {counts.reused} tokens of an earlier prompt, so it keeps prompts: restart "
                "it with the flags of docs/remote-models.md"
            )

    def _check_room(self, prompt_tokens: int, draft: Draft) -> None:
        context = self._server.context_tokens
        if context is not None and prompt_tokens + draft.limits.max_tokens > context:
            raise ServerRefused(
                Refusal.PROMPT_TOO_LONG,
                f"the prompt and its answer do not fit the {context} tokens of the model server: shorten the "
                "prompt, or ask for a shorter answer",
            )
