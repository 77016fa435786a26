"""Each formula against another's code on many inputs, and against numbers worked by hand."""

import random
import sys

import pytest

from clinical.calculators.domain import Sex
from clinical.calculators.errors import InputOutOfRange
from clinical.calculators.formulas.chemistry.kidney import (
    creatinine_clearance_cockcroft_gault,
    egfr_ckd_epi_2021,
)
from clinical.calculators.formulas.circulation.stroke import cha2ds2_vasc
from tests.product import CONTENT


@pytest.fixture
def oracle(monkeypatch):
    """The package open-medicine (MIT), whose calculators were written by others."""
    if not (CONTENT / "open_medicine").is_dir():
        pytest.skip("the starter content is not unpacked: `make content`")
    monkeypatch.setattr(sys, "path", [*sys.path, str(CONTENT)])


def _sex(is_female):
    return Sex.FEMALE if is_female else Sex.MALE


def test_egfr_agrees_with_another_s(oracle):
    module = pytest.importorskip("open_medicine.mcp.calculators.ckd_epi")
    draw = random.Random(1)
    for _ in range(1_000):
        age, is_female, creatinine = draw.randint(18, 100), draw.random() < 0.5, draw.uniform(0.3, 12)
        theirs = module.calculate_ckd_epi(
            module.CKDEPIParams(age=age, is_female=is_female, serum_creatinine=creatinine)
        ).value
        ours = egfr_ckd_epi_2021(creatinine_mg_dl=creatinine, age_years=age, sex=_sex(is_female))
        assert ours == pytest.approx(theirs, abs=0.051)


def test_creatinine_clearance_agrees_with_another_s(oracle):
    module = pytest.importorskip("open_medicine.mcp.calculators.cockcroft_gault")
    params = next(getattr(module, name) for name in dir(module) if name.endswith("Params"))
    calculate = next(getattr(module, name) for name in dir(module) if name.startswith("calculate"))
    draw = random.Random(2)
    fields = params.model_fields
    for _ in range(1_000):
        age, is_female = draw.randint(18, 100), draw.random() < 0.5
        creatinine, weight = draw.uniform(0.3, 12), draw.uniform(35, 150)
        given = {
            name: value
            for name, value in {
                "age": age,
                "age_years": age,
                "is_female": is_female,
                "sex": "female" if is_female else "male",
                "weight": weight,
                "weight_kg": weight,
                "serum_creatinine": creatinine,
                "creatinine": creatinine,
            }.items()
            if name in fields
        }
        ours = creatinine_clearance_cockcroft_gault(
            creatinine_mg_dl=creatinine, age_years=age, weight_kg=weight, sex=_sex(is_female)
        )
        assert ours == pytest.approx(calculate(params(**given)).value, abs=0.051)


@pytest.mark.parametrize(
    ("creatinine", "age", "is_female", "expected"),
    # Worked by hand from the published coefficients.
    [(0.7, 40, True, 112.07), (0.9, 40, False, 110.74), (1.68, 76, True, 31.4), (2.6, 72, False, 25.4)],
)
def test_egfr_by_hand(creatinine, age, is_female, expected):
    found = egfr_ckd_epi_2021(creatinine_mg_dl=creatinine, age_years=age, sex=_sex(is_female))
    assert found == pytest.approx(expected, abs=0.1)


@pytest.mark.parametrize(
    ("changes", "score"),
    [
        ({}, 0),
        ({"age_years": 64}, 0),
        ({"age_years": 65}, 1),
        ({"age_years": 74}, 1),
        ({"age_years": 75}, 2),
        ({"sex": Sex.FEMALE}, 1),
        ({"had_stroke": True}, 2),
        (
            {
                "has_heart_failure": True,
                "has_hypertension": True,
                "has_diabetes": True,
                "has_vascular_disease": True,
            },
            4,
        ),
        (
            {
                "age_years": 80,
                "sex": Sex.FEMALE,
                "has_heart_failure": True,
                "has_hypertension": True,
                "has_diabetes": True,
                "had_stroke": True,
                "has_vascular_disease": True,
            },
            9,
        ),
    ],
)
def test_cha2ds2_vasc_counts_as_its_table(changes, score):
    none = {
        "age_years": 50,
        "sex": Sex.MALE,
        "has_heart_failure": False,
        "has_hypertension": False,
        "has_diabetes": False,
        "had_stroke": False,
        "has_vascular_disease": False,
    }
    assert cha2ds2_vasc(**{**none, **changes}) == score


@pytest.mark.parametrize(
    "changes", [{"age_years": 17}, {"age_years": 121}, {"creatinine_mg_dl": 0.05}, {"creatinine_mg_dl": 31}]
)
def test_beyond_its_range_a_formula_refuses(changes):
    with pytest.raises(InputOutOfRange):
        egfr_ckd_epi_2021(**{"creatinine_mg_dl": 1.0, "age_years": 50, "sex": Sex.FEMALE, **changes})
    with pytest.raises(InputOutOfRange):
        creatinine_clearance_cockcroft_gault(
            **{"creatinine_mg_dl": 1.0, "age_years": 50, "weight_kg": 70, "sex": Sex.FEMALE, **changes}
        )
