"""What medicines ask to be measured."""

from datetime import timedelta

import pytest

from clinical.answers.charted.absences import absences
from clinical.safety.ingredients import known_classes
from clinical.safety.monitoring import overdue, watches
from tests.clinical.safety.charts import ON, chart


def due(a_chart):
    return [each.watch.measure for each in overdue(a_chart, on=ON)]


@pytest.mark.parametrize("watch", watches(), ids=lambda each: f"{each.drug}-{each.measure}")
def test_each_is_of_a_medicine_that_the_rules_know_and_has_a_source(watch):
    assert watch.drug in known_classes()
    assert watch.source
    assert watch.url.startswith("https://")
    assert watch.days > 0


def test_a_measurement_in_time_is_not_due():
    assert due(chart(takes=["Metformin 500 mg tablet"], creatinine=1.0)) == []


def test_an_old_one_and_a_missing_one_are():
    old = chart(takes=["Metformin 500 mg tablet"], creatinine=1.0, on=ON - timedelta(days=400))
    assert due(old) == ["creatinine"]
    assert due(chart(takes=["Metformin 500 mg tablet"])) == ["creatinine"]


def test_a_measurement_that_two_medicines_ask_for_is_told_once():
    assert due(chart(takes=["Metformin 500 mg tablet", "Apixaban 5 mg tablet"])) == ["creatinine"]


def test_what_acts_where_it_is_put_asks_for_nothing():
    assert due(chart(takes=["Methotrexate cream"])) == []


def test_it_is_said_with_the_last_value_and_why():
    old = chart(takes=["Metformin 500 mg tablet"], creatinine=1.0, on=ON - timedelta(days=426))
    (said,) = [each for each in absences(old, "Anything?", (), on=ON) if "creatinine" in each]
    assert said.startswith("No creatinine since 14 months: the last was 1 mg/dL on ")
    assert "metformin asks for one every 12 months" in said
