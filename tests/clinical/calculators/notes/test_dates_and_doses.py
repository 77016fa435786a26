"""Dates and doses that a note tells."""

from datetime import date

import pytest

from clinical.calculators.notes.extracting import inputs_from_note
from clinical.calculators.registry import calculators


def told(name, note, question=""):
    return {
        each.name: each.value
        for each in inputs_from_note(calculators()[name], note, question).found
        if not each.is_assumed
    }


@pytest.mark.parametrize(
    "note",
    [
        "The patient's last menstrual period was on 03/23/2020.",
        "LMP: 2020-03-23",
        "Her last period began on 23 March 2020.",
        "last menstrual period, March 23rd, 2020",
    ],
)
def test_the_last_period_is_read_in_the_forms_that_notes_have(note):
    assert told("gestational-age", note)["last_menstrual_period_on"] == date(2020, 3, 23)


def test_the_day_of_the_note_and_the_cycle_are_read():
    note = "LMP 03/23/2020, cycle length of 30 days. Today's date is 05/04/2020."
    found = told("gestational-age", note)
    assert (found["current_date"], found["cycle_length_days"]) == (date(2020, 5, 4), 30)


def test_a_date_of_something_else_or_none_is_not_the_period():
    assert "last_menstrual_period_on" not in told("gestational-age", "Admitted 13/45/2020. Born 03/23/1990.")


@pytest.mark.parametrize(
    ("note", "name", "value"),
    [
        ("60 mg of HYDROmorphone 1 time a day", "hydromorphone_mg_day", 60),
        ("takes 30 mg of tapentadol 3 times a day", "tapentadol_mg_day", 90),
        ("oxycodone 10 mg twice daily", "oxycodone_mg_day", 20),
        ("morphine 15 mg every 6 hours", "morphine_mg_day", 60),
        ("codeine 30 mg QID", "codeine_mg_day", 120),
        ("20 µg of fentanyl buccal 2 times a day", "fentanyl_buccal_ug_day", 40),
        ("fentanyl patch 25 mcg/h, changed every 72 hours", "fentanyl_patch_ug_hour", 25),
    ],
)
def test_a_daily_dose_is_what_is_taken_in_a_day(note, name, value):
    assert told("morphine-milligram-equivalents", note) == {name: value}


@pytest.mark.parametrize(
    "note",
    [
        "60 mg of fentanyl patch 1 time a day",
        "allergic to morphine",
        "20 mg of fentanyl buccal 2 times a day",
    ],
)
def test_a_dose_in_a_unit_that_does_not_fit_is_not_read(note):
    assert told("morphine-milligram-equivalents", note) == {}


def test_a_steroid_its_route_its_amount_and_what_is_wanted():
    found = told(
        "steroid-conversion", "He took 7.96 mg of dexamethasone IV.", "What is that in mg of prednisolone?"
    )
    assert found == {"steroid": "dexamethasone iv", "dose_mg": 7.96, "target_steroid": "prednisolone po"}
