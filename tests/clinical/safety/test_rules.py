"""Every rule stands on its own feet: words, source, known classes, and an example and a near miss among the vignettes."""

from functools import cache
from pathlib import Path

import pytest

from clinical.calculators.charts.conditions import condition
from clinical.evaluation.data.vignettes import read_vignettes
from clinical.evaluation.suites.safety import found_in
from clinical.safety.domain import Kind
from clinical.safety.ingredients import known_classes
from clinical.safety.rules import LONGEST_SUMMARY, rules
from clinical.safety.states import STATES
from tests.clinical.safety.charts import chart

VIGNETTES = read_vignettes(Path(__file__).with_name("vignettes.jsonl"))


@cache
def told_of(vignette):
    return frozenset(found.rule.id for found in found_in(vignette))


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule.id)
def test_a_rule_speaks_of_its_example_and_is_silent_on_its_near_miss(rule):
    examples = [each for each in VIGNETTES if rule.id in each.expected]
    near_misses = [each for each in VIGNETTES if rule.id in each.unexpected]
    assert examples
    assert near_misses
    assert all(rule.id in told_of(each) for each in examples)
    assert not any(rule.id in told_of(each) for each in near_misses)


def test_every_rule_has_a_version_a_source_and_short_words():
    for rule in rules():
        assert rule.version, rule.id
        assert rule.source, rule.id
        assert rule.url.startswith("https://"), rule.id
        assert rule.options, rule.id
        assert rule.mechanism, rule.id
        assert rule.detail.startswith(rule.mechanism), rule.id
        assert len(rule.summary) <= LONGEST_SUMMARY, rule.id
        assert rule.title, rule.id
        assert rule.id.startswith(f"{rule.kind.value}-"), rule.id


def test_every_rule_speaks_of_classes_and_conditions_that_there_are():
    for rule in rules():
        classes = {name for drug in rule.drugs for name in drug} | set(rule.allergy)
        assert classes - {"same"} <= known_classes(), rule.id
        for name in {*rule.condition, *rule.unless} - STATES.keys():
            assert condition(chart(), name) is None


def test_no_two_rules_have_one_id_and_every_kind_has_rules():
    ids = [rule.id for rule in rules()]
    assert len(ids) == len(set(ids))
    assert {rule.kind for rule in rules()} == set(Kind)


def test_the_vignettes_are_enough_and_a_third_must_stay_silent():
    assert len(VIGNETTES) >= 150
    assert sum(not each.expected for each in VIGNETTES) >= len(VIGNETTES) / 3
    assert len({each.id for each in VIGNETTES}) == len(VIGNETTES)


def test_nothing_is_told_of_a_vignette_that_nobody_expected():
    told = {each.id: told_of(each) - {*each.expected} for each in VIGNETTES}
    assert {name: rules_told for name, rules_told in told.items() if rules_told} == {}
