"""Pregnancy and breastfeeding count while they last."""

from dataclasses import replace
from datetime import timedelta

import pytest

from clinical.safety.states import breastfeeding, pregnancy
from ehr_integration.chart.domain import Category
from tests.clinical.safety.charts import ON, chart, fact


def with_facts(*facts):
    return replace(chart(), facts=facts)


def status(value, *, days_ago=10):
    return fact(
        Category.PREGNANCY,
        "Pregnancy status",
        status=value,
        kind="Observation",
        on=ON - timedelta(days=days_ago),
    )


@pytest.mark.parametrize(
    ("facts", "is_pregnant"),
    [
        ([fact(Category.PREGNANCY, "Pregnant")], True),
        ([fact(Category.PREGNANCY, "Pregnant", status="resolved")], False),
        ([status("pregnant")], True),
        ([status("not-pregnant")], False),
        ([status("possibly-pregnant")], False),
        ([status("pregnant", days_ago=400)], False),
        ([status("not-pregnant"), status("pregnant", days_ago=200)], False),
    ],
)
def test_who_is_pregnant(facts, is_pregnant):
    assert (pregnancy(with_facts(*facts), ON) is not None) is is_pregnant


def observed(text, *, days_ago=10):
    found = fact(
        Category.LABORATORY, "Breastfeeding status", kind="Observation", on=ON - timedelta(days=days_ago)
    )
    return replace(found, text=text)


@pytest.mark.parametrize(
    ("facts", "breastfeeds"),
    [
        ([fact(Category.CONDITIONS, "Breastfeeding")], True),
        ([fact(Category.CONDITIONS, "Lactating mother")], True),
        ([fact(Category.CONDITIONS, "Breastfeeding", status="resolved")], False),
        ([fact(Category.CONDITIONS, "Breastfeeding counselling")], False),
        ([fact(Category.CONDITIONS, "Not breastfeeding")], False),
        ([observed("Breastfeeding status: yes")], True),
        ([observed("Breastfeeding status: no")], False),
        ([observed("Breastfeeding status: stopped in May")], False),
        ([observed("Breastfeeding status: yes", days_ago=500)], False),
        ([observed("Breastfeeding status: no"), observed("Breastfeeding status: yes", days_ago=90)], False),
        ([fact(Category.CONDITIONS, "Lactose intolerance")], False),
    ],
)
def test_who_breastfeeds(facts, breastfeeds):
    assert (breastfeeding(with_facts(*facts), ON) is not None) is breastfeeds
