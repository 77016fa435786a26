"""What our calculator gives for a row, from its entities or from its note alone; or why it gives nothing."""

from dataclasses import dataclass
from datetime import date

from clinical.calculators.domain import Value
from clinical.calculators.errors import (
    CalculatorError,
    CalculatorNotFound,
    InputMissing,
    InputOutOfRange,
    InputUnusable,
    NotApplicable,
)
from clinical.calculators.notes.extracting import inputs_from_note
from clinical.calculators.registry import calculator_named
from clinical.evaluation.data.medcalc import Answer, Case
from clinical.evaluation.medcalc.entities import completed, inputs_of
from clinical.evaluation.medcalc.mapping import Mapped, mapped
from clinical.evaluation.medcalc.support import doubt_of

UNKNOWN_CALCULATOR = "we have no such calculator"
REASONS = {
    CalculatorNotFound: UNKNOWN_CALCULATOR,
    InputMissing: "an input that the formula needs is missing",
    InputOutOfRange: "an input lies beyond what the formula was made for",
    InputUnusable: "an input or its unit cannot be used",
    NotApplicable: "the formula was not made for a patient like this",
}


@dataclass(frozen=True)
class Outcome:
    """The result, or, with `value` None, why there is none."""

    value: Answer | None
    reason: str = ""


def from_entities(case: Case) -> Outcome:
    """Return the result for the row's entities; nothing where the note does not support them."""
    known = mapped(case.calculator)
    doubt = doubt_of(known, case.entities, case.note) if known else None
    return computed_from_entities(case) if doubt is None else Outcome(None, doubt.value)


def computed_from_entities(case: Case) -> Outcome:
    """Return the result for the row's entities, whatever the note tells."""
    known = mapped(case.calculator)
    if known is None:
        return Outcome(None, UNKNOWN_CALCULATOR)
    try:
        return _computed(known, inputs_of(known, case.entities))
    except CalculatorError as error:
        return Outcome(None, _reason(error))


def from_note(case: Case) -> Outcome:
    """Return the result for what the note tells by itself; the entities are not looked at."""
    known = mapped(case.calculator)
    if known is None:
        return Outcome(None, UNKNOWN_CALCULATOR)
    try:
        calculator = calculator_named(known.name)
        told = inputs_from_note(calculator, case.note, case.question)
        if any(not calculator.inputs[name].is_required for name in told.missing):
            # A medicine that the note names, in a dose that cannot be read.
            return Outcome(None, REASONS[InputMissing])
        return _computed(
            known, completed(known, told.values, lambda other: inputs_from_note(other, case.note).values)
        )
    except CalculatorError as error:
        return Outcome(None, _reason(error))


def _computed(known: Mapped, values: dict[str, Value]) -> Outcome:
    value = calculator_named(known.name)(**values)
    return Outcome(value if isinstance(value, date) else float(value))


def _reason(error: CalculatorError) -> str:
    return next((words for kind, words in REASONS.items() if isinstance(error, kind)), type(error).__name__)
