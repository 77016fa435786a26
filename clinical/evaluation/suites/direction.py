"""Whether the reader of trials finds which way the effect went."""

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple, Protocol

from clinical.evaluation.data.trials import DECREASED, INCREASED, NO_DIFFERENCE, NOT_REPORTED, Trial
from clinical.evaluation.metrics.latency import Latency
from clinical.evaluation.metrics.tally import Tally
from clinical.evaluation.suites.figures import Figures, class_figures, latency_figures, majority, share
from clinical.evaluation.suites.tracking import Track, untracked
from clinical.evidence.checking.domain import TrialResult

LABELS = (INCREASED, DECREASED, NO_DIFFERENCE, NOT_REPORTED)


class Text(StrEnum):
    """What the reader sees of the article."""

    ABSTRACT = "abstract"
    EVIDENCE = "evidence"
    BOTH = "both"


class Reader(Protocol):
    """Reads the direction of one comparison from a text."""

    def __call__(self, *, intervention: str, comparator: str, outcome: str, text: str) -> TrialResult:
        """Return the direction with its quote."""


class _Reading(NamedTuple):
    """What became of all trials with one text; `are_verbatim` has an entry for each quote."""

    latency: Latency
    tally: Tally
    are_verbatim: list[bool]


def evaluate_direction(
    trials: Sequence[Trial], read: Reader, *, text: Text = Text.BOTH, track: Track = untracked
) -> Figures:
    """Return how the reader does with that text, and its macro F1 with each."""
    readings = {each: _read_all(trials, read, each, track) for each in Text}
    chosen = readings[text]
    return {
        **class_figures(chosen.tally),
        "text": text.value,
        "by_text": {each.value: reading.tally.confusion.macro_f1 for each, reading in readings.items()},
        "majority": majority(chosen.tally.confusion),
        "quotes": len(chosen.are_verbatim),
        "quotes_verbatim": share(chosen.are_verbatim),
        **latency_figures(chosen.latency),
        "rows": len(trials),
        "articles": len({trial.article for trial in trials}),
    }


def text_of(trial: Trial, text: Text) -> str:
    """Return what the reader sees: title and abstract, the sentences that annotators marked, or all of them."""
    abstract = [trial.title, trial.abstract] if text is not Text.EVIDENCE else []
    quotes = trial.quotes if text is not Text.ABSTRACT else ()
    return "\n".join(each for each in [*abstract, *quotes] if each)


def _read_all(trials: Sequence[Trial], read: Reader, text: Text, track: Track) -> _Reading:
    reading = _Reading(Latency(), Tally(LABELS), [])
    for trial in track(trials, f"Reading ({text.value})"):
        seen = text_of(trial, text)
        with reading.latency.measured():
            result = _read_with(read, trial, seen)
        reading.tally.add(trial.label, result.direction.value, unit=trial.article)
        reading.are_verbatim.extend([result.quote in seen] if result.quote else [])
    return reading


def _read_with(read: Reader, trial: Trial, text: str) -> TrialResult:
    return read(
        intervention=trial.intervention, comparator=trial.comparator, outcome=trial.outcome, text=text
    )
