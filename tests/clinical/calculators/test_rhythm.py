"""The corrected QT interval and the circulation, worked by hand from their publications."""

import pytest

from clinical.calculators.errors import InputOutOfRange, NotApplicable
from clinical.calculators.formulas.circulation.rhythm import (
    mean_arterial_pressure,
    qtc_bazett,
    qtc_framingham,
    qtc_fridericia,
    qtc_hodges,
    qtc_rautaharju,
    shock_index,
)

ALL = (qtc_bazett, qtc_fridericia, qtc_framingham, qtc_hodges, qtc_rautaharju)


@pytest.mark.parametrize("corrected", ALL, ids=lambda each: each.name)
def test_at_60_beats_nothing_is_corrected(corrected):
    assert corrected(qt_interval_ms=400, heart_rate_per_min=60) == pytest.approx(400)


@pytest.mark.parametrize(
    ("corrected", "qt", "rate", "expected"),
    [
        # A quarter of a second between beats, and 0.64 of one.
        (qtc_bazett, 200, 240, 400),
        (qtc_bazett, 360, 93.75, 450),
        # 0.9 and 1.2 are the cube roots of 60 / 82.3045 and 60 / 34.7222.
        (qtc_fridericia, 360, 82.3045267, 400),
        (qtc_fridericia, 480, 34.7222222, 400),
        (qtc_framingham, 350, 120, 427),
        (qtc_framingham, 440, 40, 363),
        (qtc_hodges, 350, 100, 420),
        (qtc_hodges, 440, 40, 405),
        (qtc_rautaharju, 360, 90, 420),
        (qtc_rautaharju, 450, 40, 400),
    ],
)
def test_the_corrected_qt_by_hand(corrected, qt, rate, expected):
    assert corrected(qt_interval_ms=qt, heart_rate_per_min=rate) == pytest.approx(expected, abs=0.001)


@pytest.mark.parametrize("corrected", ALL, ids=lambda each: each.name)
@pytest.mark.parametrize(("value", "words"), [(499.9, ""), (500, "markedly prolonged")])
def test_only_from_500_ms_a_corrected_qt_means_something_for_everyone(corrected, value, words):
    assert corrected.meaning(value).startswith(words)
    assert bool(corrected.meaning(value)) is bool(words)


@pytest.mark.parametrize("changes", [{"heart_rate_per_min": 0}, {"qt_interval_ms": 0.4}])
def test_no_beat_and_a_qt_in_seconds_are_refused(changes):
    with pytest.raises(InputOutOfRange):
        qtc_bazett(**{"qt_interval_ms": 400, "heart_rate_per_min": 60, **changes})


@pytest.mark.parametrize(
    ("systolic", "diastolic", "expected"), [(120, 90, 100), (150, 92, 111.333), (80, 80, 80)]
)
def test_the_mean_arterial_pressure_by_hand(systolic, diastolic, expected):
    found = mean_arterial_pressure(systolic_mmhg=systolic, diastolic_mmhg=diastolic)
    assert found == pytest.approx(expected, abs=0.001)


def test_exchanged_pressures_are_refused():
    with pytest.raises(NotApplicable, match="exchanged"):
        mean_arterial_pressure(systolic_mmhg=80, diastolic_mmhg=120)


@pytest.mark.parametrize(
    ("rate", "systolic", "expected", "is_raised"),
    [(60, 120, 0.5, False), (90, 100, 0.9, False), (91, 100, 0.91, True), (130, 65, 2, True)],
)
def test_the_shock_index_by_hand(rate, systolic, expected, is_raised):
    found = shock_index(heart_rate_per_min=rate, systolic_mmhg=systolic)
    assert found == expected
    assert bool(shock_index.meaning(found)) is is_raised
