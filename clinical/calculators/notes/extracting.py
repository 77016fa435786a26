"""A note becomes a calculator's inputs: rules first, each value with its quote; what is not told is named, or assumed absent."""

from dataclasses import dataclass
from datetime import date

from clinical.calculators.charts.filling import Filled
from clinical.calculators.domain import Input, Known, Value
from clinical.calculators.notes.choosing import told_choice
from clinical.calculators.notes.dates import told_date
from clinical.calculators.notes.deriving import derived
from clinical.calculators.notes.domain import Mention
from clinical.calculators.notes.doses import asked_steroid, names_medicine, told_dose
from clinical.calculators.notes.measuring import measured
from clinical.calculators.notes.people import told_of_person
from clinical.calculators.notes.signs import told_sign, unsaid
from clinical.calculators.registry import AnyCalculator

LONGEST_NOTE = 50_000  # characters


@dataclass(frozen=True, kw_only=True)
class Extraction:
    """What a note tells of a calculator's inputs, and the required ones of which it tells nothing."""

    found: tuple[Mention, ...]
    missing: tuple[str, ...]

    @property
    def values(self) -> dict[str, Value]:
        """The values by the inputs' names."""
        return {each.name: each.value for each in self.found}


def filled_from_note(calculator: AnyCalculator, note: str) -> tuple[Filled, ...]:
    """Return what a note says of the inputs, with its words; what it does not speak of is not assumed here, but asked for."""
    return tuple(
        filled_by(calculator.inputs[each.name], each)
        for each in inputs_from_note(calculator, note).found
        if not each.is_assumed
    )


def filled_by(asked: Input, mention: Mention) -> Filled:
    """Return a mention as a filled input."""
    return Filled(
        name=mention.name,
        label=asked.asked.label,
        value=mention.value,
        text=mention.quote,
        is_from_note=True,
    )


def inputs_from_note(calculator: AnyCalculator, note: str, question: str = "") -> Extraction:
    """Return the inputs that a note tells, and what the question itself wants.

    A sign of which the note says nothing is assumed not to be there, and marked so.
    """
    told = {
        each.name: asked_steroid(each, question) or _told(each, note) for each in calculator.inputs.values()
    }
    needed = {name for name, each in calculator.inputs.items() if _is_needed(each, note)}
    return Extraction(
        found=tuple(mention for mention in told.values() if mention is not None),
        missing=tuple(name for name, mention in told.items() if mention is None and name in needed),
    )


def _is_needed(asked: Input, note: str) -> bool:
    """Whether nothing may be computed without it: a medicine that is named, but in no dose that can be read, is not left out."""
    return asked.is_required or names_medicine(asked, note)


def _told(asked: Input, note: str) -> Mention | None:
    if asked.kind is bool:
        return derived(asked, note) or told_sign(asked, note) or unsaid(asked)
    if asked.kind is date:
        return told_date(asked, note)
    if asked.choices and asked.asked.known is not Known.SEX:
        return told_dose(asked, note) or told_choice(asked, note)
    told = told_dose(asked, note) or told_of_person(asked, note) or measured(asked, note)
    return told or derived(asked, note)
