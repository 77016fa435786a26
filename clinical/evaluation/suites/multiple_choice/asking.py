"""Asks a model for the letter of an option, and counts what it gives nothing for; no answer is ever guessed."""

import json
import re
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from time import perf_counter

from clinical.errors import EngineBusy, EngineError, EngineRefused, EngineTimeout
from clinical.evaluation.suites.multiple_choice.posing import Posed
from clinical.evaluation.suites.multiple_choice.templates import Template
from clinical.evaluation.suites.tracking import Track, untracked
from clinical.inference.client import Engine
from clinical.inference.domain import LibraryDraft, Limits, PublicMessage, PublicText, Usage
from clinical.inference.draining import drained

# Room for the letter, the JSON around it, and the white space that a grammar lets a model write.
ANSWER_TOKENS = 48
DEADLINE_SECONDS = 300.0
# What a model says that can follow no schema: its text must begin with the letter, alone. "A patient" is no answer.
LETTER_FIRST = re.compile(r"[\s\"'(*]*([A-Z])[ *\"']*(?:\Z|[.):,\n])")

NO_LETTER = "no-letter"
# The first class that matches decides.
REASONS: dict[type[EngineError], str] = {
    EngineRefused: "refused",
    EngineTimeout: "timeout",
    EngineBusy: "busy",
    EngineError: "unreachable",
}


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A model as it is asked: its engine, its template, and whether its words can be held to a schema."""

    engine: Engine
    template: Template
    follows_schema: bool = True


@dataclass(frozen=True, kw_only=True)
class Reply:
    """What came back: a letter, or why there is none. `milliseconds` are those that the caller waited."""

    letter: str | None
    reason: str = ""
    milliseconds: float
    usage: Usage


def ask_all(
    asked: Asked, questions: Sequence[Posed], *, together: int, track: Track = untracked
) -> list[Reply]:
    """Return the replies in the order of the questions, `together` of which wait at a time."""
    pool = ThreadPoolExecutor(together)
    try:
        waiting: list[Future[Reply]] = [pool.submit(_ask, asked, question) for question in questions]
        return [each.result() for each in track(waiting, "Asking")]
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _ask(asked: Asked, question: Posed) -> Reply:
    pieces: list[str] = []
    begun = perf_counter()
    reason, usage = "", Usage()
    try:
        usage = drained(asked.engine.write(_draft(asked, question)), pieces.append)
    except EngineError as error:
        reason = next(reason for kind, reason in REASONS.items() if isinstance(error, kind))
    milliseconds = (perf_counter() - begun) * 1000
    find: Callable[[str], str | None] = _letter_in_document if asked.follows_schema else _letter_first
    letter = None if reason else find("".join(pieces))
    if letter not in question.letters:
        letter, reason = None, reason or NO_LETTER
    return Reply(letter=letter, reason=reason, milliseconds=milliseconds, usage=usage)


def _draft(asked: Asked, question: Posed) -> LibraryDraft:
    """Return the draft. Data sets hold published questions, which is what lets them be written together."""
    template = asked.template
    return LibraryDraft(
        messages=(
            PublicMessage("system", PublicText(template.system)),
            PublicMessage("user", PublicText(question.text(template))),
        ),
        limits=Limits(max_tokens=ANSWER_TOKENS, deadline_seconds=DEADLINE_SECONDS),
        schema=_schema(question.letters) if asked.follows_schema else None,
    )


def _schema(letters: Sequence[str]) -> dict[str, object]:
    return {
        "type": "object",
        "properties": {"answer": {"enum": list(letters)}},
        "required": ["answer"],
        "additionalProperties": False,
    }


def _letter_in_document(text: str) -> str | None:
    """Return the letter of `{"answer": "A"}`; checked again here, because a server may not keep to a schema."""
    try:
        document = json.loads(text)
    except ValueError:
        return None
    letter = document.get("answer") if isinstance(document, dict) else None
    return letter if isinstance(letter, str) else None


def _letter_first(text: str) -> str | None:
    found = LETTER_FIRST.match(text)
    return found[1] if found else None
