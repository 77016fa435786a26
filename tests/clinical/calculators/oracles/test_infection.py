"""Scores of infection against others' code; docs/calculators/infection.md says where they differ."""

import pytest

from clinical.calculators.formulas.acute.infection import Burden, centor_mcisaac, feverpain, lrinec, mascc
from tests.clinical.calculators.drawing import drawn

LRINEC = {
    "c_reactive_protein_mg_l": (0, 300),
    "white_cells_thousand_per_ul": (3, 35),
    "hemoglobin_g_dl": (8, 16),
    "sodium_mmol_l": (120, 145),
    "glucose_mg_dl": (60, 400),
}


def test_centor_mcisaac_agrees(open_medicine):
    for given in drawn(centor_mcisaac, within={"age_years": (3, 90)}):
        assert centor_mcisaac(**given) == open_medicine(
            "centor_mcisaac",
            age=given["age_years"],
            tonsillar_swelling_or_exudate=given["has_tonsillar_exudate"],
            tender_anterior_cervical_lymphadenopathy=given["has_tender_cervical_nodes"],
            fever=given["has_fever"],
            absence_of_cough=given["has_no_cough"],
        )


def test_feverpain_agrees(clincalc):
    for given in drawn(feverpain):
        asked = {
            "fever": given["had_fever_within_24_hours"],
            "purulence": given["has_purulence"],
            "attend_rapidly": given["came_within_3_days"],
            "inflamed_tonsils": given["has_severely_inflamed_tonsils"],
            "absence_of_cough": given["has_no_cough_or_coryza"],
        }
        assert feverpain(**given) == clincalc("feverpain", asked)["result"]


def test_lrinec_agrees_in_the_units_of_its_publication(clincalc):
    for given in drawn(lrinec, within={**LRINEC, "creatinine_mg_dl": (0.4, 4)}):
        asked = {
            "crp_mg_l": given["c_reactive_protein_mg_l"],
            "wbc_x10_9_l": given["white_cells_thousand_per_ul"],
            "haemoglobin_g_dl": given["hemoglobin_g_dl"],
            "sodium_mmol_l": given["sodium_mmol_l"],
            "creatinine_umol_l": given["creatinine_mg_dl"] * 10_000 / 113.12,
            "glucose_mmol_l": given["glucose_mg_dl"] * 10 / 180.16,
            "severe_soft_tissue_infection_suspected": True,
        }
        assert lrinec(**given) == clincalc("lrinec", asked)["result"]


@pytest.mark.parametrize("creatinine", [(0.4, 1.59), (1.61, 4)])
def test_lrinec_agrees_with_a_second_beside_its_rounded_limit(open_medicine, creatinine):
    for given in drawn(lrinec, within={**LRINEC, "creatinine_mg_dl": creatinine}):
        given = {**given, "glucose_mg_dl": round(given["glucose_mg_dl"])}
        assert lrinec(**given) == open_medicine(
            "lrinec",
            crp=given["c_reactive_protein_mg_l"],
            wbc=given["white_cells_thousand_per_ul"],
            hemoglobin=given["hemoglobin_g_dl"],
            sodium=given["sodium_mmol_l"],
            creatinine=given["creatinine_mg_dl"],
            glucose=given["glucose_mg_dl"],
        )


def test_mascc_agrees(open_medicine):
    burdens = dict(zip(Burden, ("none_or_mild", "moderate", "severe"), strict=True))
    for given in drawn(mascc):
        has_no_fungus = given["has_solid_tumor_or_no_fungal_infection"]
        assert mascc(**given) == open_medicine(
            "mascc",
            burden_of_illness=burdens[given["burden"]],
            hypotension=given["has_hypotension"],
            active_copd=given["has_copd"],
            cancer_type="solid_tumor" if has_no_fungus else "hematologic_prior_fungal",
            dehydration=given["is_dehydrated"],
            outpatient_status=given["is_outpatient"],
            age=given["age_years"],
        )
