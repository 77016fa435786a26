"""The likelihood of a clot, worked by hand from the publications."""

from typing import Any

import pytest

from clinical.calculators.errors import InputOutOfRange
from clinical.calculators.formulas.circulation.clot_prevention import (
    CancerSite,
    Mobility,
    Surgery,
    caprini_2005,
    khorana,
    padua,
)

NO_RISK: dict[str, Any] = {
    **{name: False for name, each in caprini_2005.inputs.items() if each.kind is bool and each.is_required},
    "age_years": 40,
    "body_mass_index_kg_m2": 25,
    "surgery": Surgery.NONE,
    "mobility": Mobility.NORMAL,
}


@pytest.mark.parametrize(
    ("changes", "points"),
    [
        ({}, 0),
        ({"age_years": 41}, 1),
        ({"age_years": 60}, 1),
        ({"age_years": 61}, 2),
        ({"age_years": 74}, 2),
        ({"age_years": 75}, 3),
        ({"body_mass_index_kg_m2": 25.1}, 1),
        ({"surgery": Surgery.MINOR}, 1),
        ({"surgery": Surgery.ARTHROSCOPIC}, 2),
        ({"surgery": Surgery.LAPAROSCOPIC}, 2),
        ({"surgery": Surgery.MAJOR}, 2),
        ({"surgery": Surgery.ARTHROPLASTY}, 5),
        ({"mobility": Mobility.BED_REST}, 1),
        ({"mobility": Mobility.CONFINED}, 2),
        ({"had_recent_major_surgery": True}, 1),
        ({"has_recent_heart_failure": True}, 1),
        ({"has_recent_sepsis": True}, 1),
        ({"has_recent_serious_lung_disease": True}, 1),
        ({"has_copd": True}, 1),
        ({"has_acute_myocardial_infarction": True}, 1),
        ({"has_inflammatory_bowel_disease": True}, 1),
        ({"has_varicose_veins": True}, 1),
        ({"has_swollen_legs": True}, 1),
        ({"takes_oestrogen": True}, 1),
        ({"is_pregnant_or_postpartum": True}, 1),
        ({"had_pregnancy_loss": True}, 1),
        ({"has_cancer_history": True}, 2),
        ({"has_recent_plaster_cast": True}, 2),
        ({"has_central_venous_access": True}, 2),
        ({"had_venous_thromboembolism": True}, 3),
        ({"has_family_history_of_thrombosis": True}, 3),
        ({"has_factor_v_leiden": True}, 3),
        ({"has_prothrombin_20210a": True}, 3),
        ({"has_high_homocysteine": True}, 3),
        ({"has_lupus_anticoagulant": True}, 3),
        ({"has_anticardiolipin_antibodies": True}, 3),
        ({"had_heparin_induced_thrombocytopenia": True}, 3),
        ({"has_other_thrombophilia": True}, 3),
        ({"had_recent_stroke": True}, 5),
        ({"had_recent_fracture": True}, 5),
        ({"had_recent_multiple_trauma": True}, 5),
        ({"had_recent_spinal_cord_injury": True}, 5),
        (
            {
                "age_years": 67,
                "surgery": Surgery.MAJOR,
                "has_cancer_history": True,
                "has_varicose_veins": True,
            },
            7,
        ),
    ],
)
def test_caprini_counts_as_its_form(changes, points):
    assert caprini_2005(**{**NO_RISK, **changes}) == points


@pytest.mark.parametrize(
    ("points", "words"),
    [(0, "low"), (1, "low"), (2, "moderate"), (3, "high risk"), (4, "high risk"), (5, "highest")],
)
def test_what_caprini_means(points, words):
    assert caprini_2005.meaning(points).startswith(words)


WELL: dict[str, Any] = {
    **{name: False for name, each in padua.inputs.items() if each.kind is bool},
    "age_years": 69,
    "body_mass_index_kg_m2": 29.9,
}


@pytest.mark.parametrize(
    ("changes", "points"),
    [
        ({}, 0),
        ({"has_active_cancer": True}, 3),
        ({"had_venous_thromboembolism": True}, 3),
        ({"has_reduced_mobility": True}, 3),
        ({"has_thrombophilia": True}, 3),
        ({"had_recent_trauma_or_surgery": True}, 2),
        ({"age_years": 70}, 1),
        ({"has_heart_or_respiratory_failure": True}, 1),
        ({"has_acute_infarction_or_stroke": True}, 1),
        ({"has_acute_infection_or_rheumatic_disorder": True}, 1),
        ({"body_mass_index_kg_m2": 30}, 1),
        ({"takes_hormones": True}, 1),
        ({**dict.fromkeys(WELL, True), "age_years": 90, "body_mass_index_kg_m2": 40}, 20),
    ],
)
def test_padua_counts_as_its_table(changes, points):
    assert padua(**{**WELL, **changes}) == points


@pytest.mark.parametrize(("points", "words"), [(0, "low"), (3, "low"), (4, "high"), (20, "high")])
def test_what_padua_means(points, words):
    assert padua.meaning(points).startswith(words)


@pytest.mark.parametrize(
    ("changes", "points"),
    [
        ({}, 0),
        ({"cancer_site": CancerSite.STOMACH_OR_PANCREAS}, 2),
        ({"cancer_site": CancerSite.HIGH_RISK}, 1),
        ({"platelets_thousand_per_ul": 350}, 1),
        ({"hemoglobin_g_dl": 9.9}, 1),
        ({"takes_erythropoietin": True}, 1),
        ({"hemoglobin_g_dl": 9.9, "takes_erythropoietin": True}, 1),
        ({"white_cells_thousand_per_ul": 11.1}, 1),
        ({"body_mass_index_kg_m2": 35}, 1),
    ],
)
def test_khorana_counts_as_its_table(changes, points):
    well = {
        "cancer_site": CancerSite.OTHER,
        "platelets_thousand_per_ul": 349,
        "hemoglobin_g_dl": 10,
        "takes_erythropoietin": False,
        "white_cells_thousand_per_ul": 11,
        "body_mass_index_kg_m2": 34.9,
    }
    assert khorana(**{**well, **changes}) == points


@pytest.mark.parametrize(
    ("points", "words"), [(0, "low"), (1, "intermediate"), (2, "intermediate"), (3, "high"), (6, "high")]
)
def test_what_khorana_means(points, words):
    assert khorana.meaning(points).startswith(words)


@pytest.mark.parametrize("changes", [{"age_years": 17}, {"body_mass_index_kg_m2": 170}])
def test_a_child_and_a_height_for_an_index_are_refused(changes):
    with pytest.raises(InputOutOfRange):
        padua(**{**WELL, **changes})
