"""The corrected QT interval against another's code; docs/calculators/rhythm.md says what has none."""

import pytest

from clinical.calculators.formulas.circulation.rhythm import qtc_bazett, qtc_fridericia
from tests.clinical.calculators.drawing import drawn


@pytest.mark.parametrize(("corrected", "method"), [(qtc_bazett, "bazett"), (qtc_fridericia, "fridericia")])
def test_the_corrected_qt_agrees(open_medicine, corrected, method):
    for given in drawn(corrected):
        theirs = open_medicine(
            "corrected_qtc",
            qt_ms=given["qt_interval_ms"],
            heart_rate=given["heart_rate_per_min"],
            method=method,
        )
        assert corrected(**given) == pytest.approx(theirs, abs=0.051)
