"""Questionnaires for depression, anxiety and alcohol: sums, and the edges of their bands."""

import pytest

from clinical.calculators.errors import InputOutOfRange
from clinical.calculators.formulas.body_and_mind.mind import audit_c, cage, ciwa_ar, gad_7, phq_2, phq_9

SUMS = (phq_2, phq_9, gad_7, audit_c, ciwa_ar)


def each(calculator, value):
    return dict.fromkeys(calculator.inputs, value)


@pytest.mark.parametrize("calculator", SUMS, ids=lambda one: one.name)
def test_each_item_counts_once_and_up_to_the_highest_total(calculator):
    nothing = each(calculator, 0)
    assert calculator(**nothing) == 0
    for name in calculator.inputs:
        assert calculator(**{**nothing, name: 1}) == 1
    highest = {name: int(asked.asked.high) for name, asked in calculator.inputs.items()}
    assert calculator(**highest) == calculator.out_of
    for name in calculator.inputs:
        with pytest.raises(InputOutOfRange):
            calculator(**{**nothing, name: highest[name] + 1})


def test_cage_counts_yes():
    assert cage(**each(cage, False)) == 0
    assert cage(**each(cage, True)) == 4
    for name in cage.inputs:
        assert cage(**{**each(cage, False), name: True}) == 1


@pytest.mark.parametrize(
    ("calculator", "edges"),
    [
        (phq_2, {2: "less likely", 3: "positive"}),
        (
            phq_9,
            {
                4: "minimal",
                5: "mild",
                9: "mild",
                10: "moderate ",
                14: "moderate ",
                15: "moderately",
                20: "severe",
            },
        ),
        (gad_7, {4: "minimal", 5: "mild", 9: "mild", 10: "moderate", 14: "moderate", 15: "severe"}),
        (audit_c, {2: "below", 3: "women", 4: "likely: ask"}),
        (cage, {1: "less likely", 2: "ask further"}),
        (ciwa_ar, {9: "mild", 10: "moderate", 18: "moderate", 19: "severe"}),
    ],
    ids=lambda one: getattr(one, "name", ""),
)
def test_the_bands_begin_where_the_publications_have_them(calculator, edges):
    for value, word in edges.items():
        assert word in calculator.meaning(value)


def test_phq_9_says_what_the_ninth_answer_asks_for():
    assert "suicide" in phq_9.note
