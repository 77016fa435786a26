"""What invented trials found, by rule and with a scripted model."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinical.evidence.checking.domain import Direction, TrialResult
from clinical.evidence.checking.reader import Head
from clinical.evidence.checking.rules.significance import Significance, read_significance
from clinical.evidence.checking.trials.result import trial_result
from clinical.evidence.checking.trials.rules import Comparison
from tests.clinical.evidence.checking.passages import ScriptedReader

UP, DOWN, SAME, UNTOLD = (
    Direction.INCREASED,
    Direction.DECREASED,
    Direction.NO_DIFFERENCE,
    Direction.NOT_REPORTED,
)


def found(outcome: str, text: str, reader: ScriptedReader | None = None) -> TrialResult:
    return trial_result(Comparison("bexapril", "corvazine", outcome), text, lambda: reader)


@pytest.mark.parametrize(
    ("outcome", "text", "direction"),
    [
        ("mortality", "Bexapril reduced mortality compared with corvazine (p = 0.01).", DOWN),
        ("serum sodium", "Serum sodium was significantly higher with bexapril than with corvazine.", UP),
        ("mortality", "Mortality did not differ between the groups.", SAME),
        ("mortality", "Bexapril lowered mortality, but not significantly (p = 0.21).", SAME),
        ("mortality", "Mortality was lower with bexapril (HR 0.80, 95% CI 0.60-1.10).", SAME),
        ("mortality", "Mortality was lower with bexapril (HR 0.80, 95% CI 0.70-0.91).", DOWN),
        ("pain", "Pain was significantly higher with corvazine than with bexapril.", DOWN),
        ("pain", "Pain was significantly higher in the corvazine group.", DOWN),
        ("pain", "Bexapril significantly improved pain.", DOWN),
        ("lung function", "Bexapril significantly improved lung function.", UP),
        ("nausea", "Nausea occurred in 3.1% of the bexapril group and 7.2% of the corvazine group (p = 0.01).", DOWN),
        ("nausea", "Nausea occurred in 7.2% of the bexapril group and 3.1% of the corvazine group (p = 0.01).", UP),
        ("weight loss", "Weight loss was significantly greater with bexapril than with corvazine.", UP),
        ("pain", "Mortality was lower with bexapril (p < 0.01), whereas pain increased (p < 0.01).", UP),
        ("pain", "Pain fell in both groups, with no significant differences between the two groups.", SAME),
    ],
)  # fmt: skip
def test_the_rules_read_a_direction_and_its_sentence(outcome: str, text: str, direction: Direction) -> None:
    assert found(outcome, text) == TrialResult(direction=direction, quote=text)


def test_the_sentence_that_reports_the_outcome_is_found() -> None:
    text = (
        "We aimed to test whether bexapril reduces stroke compared with corvazine.\n"
        "Bleeding increased with bexapril (p < 0.01). Stroke was reduced with bexapril (4% vs 7%, p = 0.01)."
    )
    assert found("stroke", text) == TrialResult(
        direction=DOWN, quote="Stroke was reduced with bexapril (4% vs 7%, p = 0.01)."
    )


@pytest.mark.parametrize("text", ["", "Bleeding increased with bexapril.", "We measured stroke."])
def test_what_is_not_reported_has_no_quote(text: str) -> None:
    assert found("stroke", text) == TrialResult(direction=UNTOLD, quote="")


def test_the_model_reads_what_rules_cannot() -> None:
    text = "Stroke: 12 of 300 on bexapril, 31 of 302 on corvazine, a clear effect."
    reader = ScriptedReader({"clear effect": (0.02, 0.95, 0.02, 0.01)}, Head.DIRECTION)
    assert found("stroke", text, reader) == TrialResult(direction=DOWN, quote=text)


def test_the_model_may_find_nothing_reported() -> None:
    reader = ScriptedReader({"": (0.1, 0.1, 0.1, 0.7)}, Head.DIRECTION)
    assert found("stroke", "Stroke was studied with bexapril.", reader).direction is UNTOLD


def test_a_rule_decides_where_the_model_wavers() -> None:
    text = "Stroke was significantly reduced with bexapril compared with corvazine."
    reader = ScriptedReader({"": (0.45, 0.40, 0.1, 0.05)}, Head.DIRECTION)
    assert found("stroke", text, reader).direction is DOWN


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("A significant difference was seen.", Significance.SIGNIFICANT),
        ("The effect was clear (p<0.001).", Significance.SIGNIFICANT),
        ("The effect was clear (P = .04).", Significance.SIGNIFICANT),
        ("The difference was not statistically significant.", Significance.NOT_SIGNIFICANT),
        ("Rates were lower (p = 0.07).", Significance.NOT_SIGNIFICANT),
        ("Rates were lower (P > 0.05).", Significance.NOT_SIGNIFICANT),
        ("Rates were lower (p = NS).", Significance.NOT_SIGNIFICANT),
        ("Rates were similar.", Significance.NOT_SIGNIFICANT),
        ("The odds ratio was 1.4 (95% confidence interval 0.9 to 2.1).", Significance.NOT_SIGNIFICANT),
        ("The odds ratio was 1.4 (95% CI 1.1-2.1).", Significance.SIGNIFICANT),
        ("The mean difference was 2 kg (95% CI -1 to 5).", Significance.NOT_SIGNIFICANT),
        ("Patients were followed for a year.", Significance.UNSAID),
    ],
)
def test_significance_is_read_from_words_p_values_and_intervals(
    sentence: str, expected: Significance
) -> None:
    assert read_significance(sentence) is expected


@given(st.text(max_size=80), st.text(max_size=20))
def test_any_text_can_be_read_and_its_quote_is_verbatim(text: str, outcome: str) -> None:
    result = found(outcome, text)
    assert result.quote in text
    assert bool(result.quote) is (result.direction is not UNTOLD)
