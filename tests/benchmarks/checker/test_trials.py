import random

from benchmarks.checker.reading import (
    CONTRADICTED,
    DECREASED,
    INCREASED,
    NO_DIFFERENCE,
    NOT_REPORTED,
    SUPPORTED,
)
from benchmarks.checker.trials import claims_of_trials, direction_examples, direction_of, quotes_of

ROW = {
    "pmcid": "PMC1",
    "title": "Drug A against placebo",
    "abstract": "We gave drug A or placebo to adults in three towns.",
    "intervention": "drug A",
    "comparator": "placebo",
    "outcome": "pain",
    "label": "significantly decreased",
    "evidence": ["Pain was lower with drug A than with placebo (p = 0.01)."],
}


def test_both_spellings_of_increased_are_read():
    assert direction_of("significantly increase") == INCREASED
    assert direction_of("significantly increased") == INCREASED
    assert direction_of("significantly decreased") == DECREASED
    assert direction_of("no significant difference") == NO_DIFFERENCE


def test_a_quote_that_repeats_the_start_of_another_is_left_out():
    row = ROW | {"evidence": ["Pain was lower,", "Pain was lower, and sleep was not.", "Pain was lower,"]}

    assert quotes_of(row) == ["Pain was lower, and sleep was not."]


def _examples(row):
    return {
        (example.pair.first, example.pair.second): example.label
        for example in direction_examples([row], random.Random(1))
    }


def test_a_quote_reports_the_rows_direction():
    assert _examples(ROW)["pain / drug A / placebo", ROW["evidence"][0]] == DECREASED


def test_with_the_arms_exchanged_the_direction_turns():
    assert _examples(ROW)["pain / placebo / drug A", ROW["evidence"][0]] == INCREASED


def test_before_and_after_are_not_exchanged():
    examples = _examples(ROW | {"comparator": "baseline"})

    assert not any(first.startswith("pain / baseline") for first, _ in examples)


def test_with_its_direction_word_turned_a_quote_reports_the_opposite():
    turned = "Pain was higher with drug A than with placebo (p = 0.01)."

    assert _examples(ROW)["pain / drug A / placebo", turned] == INCREASED


def test_a_sentence_that_does_not_name_the_outcome_does_not_report_it():
    assert _examples(ROW)["pain / drug A / placebo", ROW["abstract"]] == NOT_REPORTED


def test_a_row_as_a_claim_is_supported_as_found_and_contradicted_otherwise():
    for seed in range(20):
        claims = list(claims_of_trials([ROW], random.Random(seed)))
        found = {each.pair.first: each.label for each in claims}

        assert {SUPPORTED, CONTRADICTED} <= set(found.values())
        for claim, label in found.items():
            if "increase" in claim or "higher" in claim:
                assert label == (SUPPORTED if "does not" in claim else CONTRADICTED)
