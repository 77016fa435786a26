"""Inputs of a calculator out of a note, by rules and a model together: the model points at words, rules read the number.

What a model says is worth nothing by itself: only words that stand in the note count, and a number only as they have it.
"""

import time
from collections.abc import Iterator

from clinical.calculators.charts.filling import Filled
from clinical.calculators.domain import Input
from clinical.calculators.notes.domain import Mention
from clinical.calculators.notes.extracting import filled_by, filled_from_note
from clinical.calculators.notes.measuring import in_unit_of, mention_of
from clinical.calculators.notes.numbers import numbers_in
from clinical.calculators.registry import AnyCalculator
from clinical.errors import EngineError
from clinical.inference.client import Engine
from clinical.inference.domain import BedsideDraft, Limits, Message, PatientText, PublicMessage, PublicText
from clinical.inference.structured import write_document

SYSTEM = (
    "You read a clinical note. You copy the shortest words of the note that give the value that is asked for, with number and "
    "unit, exactly as they stand there. Where the note does not give it you copy nothing."
)
FIXED = (PublicMessage("system", PublicText(SYSTEM)),)
SCHEMA: dict[str, object] = {
    "type": "object",
    "properties": {"quote": {"type": "string"}},
    "required": ["quote"],
    "additionalProperties": False,
}
LONGEST_QUOTE_TOKENS = 60
SECONDS = 30.0


def filled_with_model(
    engine: Engine, calculator: AnyCalculator, note: str, *, seconds: float = SECONDS
) -> tuple[Filled, ...]:
    """Return what rules read, and of the numbers that are left what the model points at. A model that fails adds nothing."""
    by_rules = filled_from_note(calculator, note)
    told = {each.name for each in by_rules}
    left = [
        each for each in calculator.inputs.values() if each.name not in told and each.kind in (int, float)
    ]
    return (*by_rules, *_pointed_at(engine, left, note, seconds))


def _pointed_at(engine: Engine, left: list[Input], note: str, seconds: float) -> Iterator[Filled]:
    give_up_at = time.monotonic() + seconds
    for asked in left:
        remaining = give_up_at - time.monotonic()
        if remaining <= 0:
            return
        try:
            mention = read_quote(asked, note, _quote(engine, asked, note, remaining))
        except EngineError:
            return
        if mention is not None:
            yield filled_by(asked, mention)


def read_quote(asked: Input, note: str, quote: str) -> Mention | None:
    """Return the value in a quote; None unless the quote stands in the note and holds exactly one number that fits."""
    start = note.find(quote) if quote.strip() else -1
    if start < 0:
        return None
    end = start + len(quote)
    values = {
        value for number in numbers_in(note, start, end) if (value := in_unit_of(asked, number)) is not None
    }
    return mention_of(asked, values.pop(), note, start, end) if len(values) == 1 else None


def _quote(engine: Engine, asked: Input, note: str, seconds: float) -> str:
    request = PatientText(f"Note: {note}\nAsked for: {asked.asked.label} ({asked.asked.unit})")
    draft = BedsideDraft(
        fixed=FIXED,
        messages=(Message("user", request),),
        limits=Limits(max_tokens=LONGEST_QUOTE_TOKENS, deadline_seconds=seconds),
        schema=SCHEMA,
    )
    document = write_document(engine, draft)
    return str(document["quote"]) if document else ""
