"""A draft as data: the text is checked against its schema again, whoever wrote it, and fails closed."""

import json
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError

from clinical.errors import EngineRefused, EngineTimeout
from clinical.inference.client import Engine
from clinical.inference.domain import Draft, Refusal

# The first try takes the likeliest words, so a second one must choose otherwise to end otherwise.
RETRY_TEMPERATURE = 0.7
RETRY_SEED = 1


def write_document(
    engine: Engine, draft: Draft, *, go_on: Callable[[str], bool] = lambda _text: True
) -> dict[str, Any] | None:
    """Return the JSON object that the model wrote, valid under the draft's schema.

    None where `go_on`, which sees the text as it grows, said to stop. One retry within the same deadline. Raises:
    EngineRefused where the second is invalid too or the schema is none, EngineUnavailable, EngineBusy,
    EngineTimeout.
    """
    validator = _validator(draft)
    give_up_at = time.monotonic() + draft.limits.deadline_seconds
    for attempt in (draft, _retry(draft)):
        seconds_left = give_up_at - time.monotonic()
        if seconds_left <= 0:
            raise EngineTimeout("The deadline passed before a valid draft was there")
        limits = replace(attempt.limits, deadline_seconds=seconds_left)
        text = _whole_text(engine, replace(attempt, limits=limits), go_on)
        if text is None:
            return None
        document = _object_in(text)
        if document is not None and validator.is_valid(document):
            return document
    raise EngineRefused(f"The engine gave no draft: {Refusal.SCHEMA_VIOLATED}")


def _validator(draft: Draft) -> Draft202012Validator:
    schema = draft.schema
    try:
        if schema is None:
            raise SchemaError("no schema")
        Draft202012Validator.check_schema(schema)
    except SchemaError as error:
        raise EngineRefused(f"The engine gave no draft: {Refusal.SCHEMA_UNUSABLE}") from error
    return Draft202012Validator(schema)


def _retry(draft: Draft) -> Draft:
    limits = replace(draft.limits, temperature=RETRY_TEMPERATURE, seed=RETRY_SEED)
    return replace(draft, limits=limits)


def _whole_text(engine: Engine, draft: Draft, go_on: Callable[[str], bool]) -> str | None:
    """Return what the model writes; None where it was stopped."""
    text = ""
    with closing(engine.write(draft)) as pieces:
        for piece in pieces:
            text += piece
            if not go_on(text):
                return None
    return text


def _object_in(text: str) -> dict[str, Any] | None:
    try:
        document = json.loads(text)
    except ValueError:
        return None
    return document if isinstance(document, dict) else None
