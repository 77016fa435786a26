"""The direction suite over a reader whose answers are scripted."""

import pytest

from clinical.evaluation.data.trials import Trial
from clinical.evaluation.suites.direction import Text, evaluate_direction, text_of
from clinical.evidence.checking.domain import Direction, TrialResult


def trial(name: str, label: str, *, article: str = "PMC1") -> Trial:
    return Trial(
        id=name,
        article=article,
        title="Title.",
        abstract="Abstract says up.",
        intervention="drug",
        comparator="placebo",
        outcome=name,
        label=label,
        quotes=("Quote says down.", "Another."),
    )


TRIALS = (
    trial("one", "decreased"),
    trial("two", "increased"),
    trial("three", "no significant difference", article="PMC2"),
)


def read(*, intervention: str, comparator: str, outcome: str, text: str) -> TrialResult:
    """Say what the text says, the quotes before the abstract; of outcome three nothing."""
    if outcome == "three":
        return TrialResult(direction=Direction.NOT_REPORTED, quote="")
    if "down" in text:
        return TrialResult(direction=Direction.DECREASED, quote="Quote says down.")
    return TrialResult(direction=Direction.INCREASED, quote="Words of nobody.")


def test_every_text_is_scored_and_the_chosen_one_leads() -> None:
    found = evaluate_direction(TRIALS, read, text=Text.ABSTRACT)
    assert found["macro_f1"] == pytest.approx((0 + 2 / 3 + 0) / 3)
    assert found["by_text"] == {
        "abstract": pytest.approx(2 / 9),
        "evidence": pytest.approx(2 / 9),
        "both": pytest.approx(2 / 9),
    }
    assert found["by_class"]["increased"]["recall"] == 1.0
    assert evaluate_direction(TRIALS, read, text=Text.EVIDENCE)["by_class"]["decreased"]["recall"] == 1.0


def test_not_reported_is_wrong_and_no_class_of_the_mean() -> None:
    found = evaluate_direction(TRIALS, read)
    assert found["confusion"]["no significant difference"]["not reported"] == 1
    assert "not reported" not in found["by_class"]
    assert (found["rows"], found["articles"]) == (3, 2)


def test_quotes_that_are_not_in_the_text_are_counted() -> None:
    assert evaluate_direction(TRIALS, read, text=Text.BOTH)["quotes_verbatim"] == 1.0
    found = evaluate_direction(TRIALS, read, text=Text.ABSTRACT)
    assert (found["quotes"], found["quotes_verbatim"]) == (2, 0.0)


def test_the_texts_are_what_they_say() -> None:
    assert text_of(TRIALS[0], Text.ABSTRACT) == "Title.\nAbstract says up."
    assert text_of(TRIALS[0], Text.EVIDENCE) == "Quote says down.\nAnother."
    assert text_of(TRIALS[0], Text.BOTH) == "Title.\nAbstract says up.\nQuote says down.\nAnother."
