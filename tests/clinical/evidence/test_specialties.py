"""A source is for the specialties that its headings, title or journal name."""

import pytest

from clinical.evidence.specialties import SPECIALTIES, specialties_of


def test_the_ten_specialties_are_named_as_filters_name_them() -> None:
    assert " ".join(SPECIALTIES) == (
        "cardiology oncology neurology nephrology endocrinology infectious_disease emergency obstetrics paediatrics "
        "primary_care"
    )


@pytest.mark.parametrize(
    ("title", "mesh", "journal", "expected"),
    [
        ("Apixaban in atrial fibrillation", (), None, ("cardiology",)),
        ("A question of method", ("Humans", "Myocardial Infarction"), None, ("cardiology",)),
        ("A question of method", (), "J. Clin. Oncol.", ("oncology",)),
        ("Stroke in patients on haemodialysis", (), None, ("neurology", "nephrology")),
        ("Ocular hypertension and glaucoma", (), None, ()),
        ("Tumor necrosis factor in gout", (), None, ()),
        ("Insulin for children with ketoacidosis", (), None, ("endocrinology", "paediatrics")),
        ("Vitamin C", ("Child", "Humans"), None, ("paediatrics",)),
        ("Vitamin C", ("Adult", "Child", "Humans"), None, ()),
        ("Heart failure in rats", ("Animals", "Rats"), None, ()),
        ("Sepsis in the emergency department", (), None, ("infectious_disease", "emergency")),
        ("Post-stroke depression", (), None, ("neurology",)),
        ("Preeclampsia", (), "BJOG", ("obstetrics",)),
        ("Back pain in general practice", (), "Br J Gen Pract", ("primary_care",)),
        ("Polymers", (), "Chem Sci", ()),
    ],
)
def test_what_a_source_is_about_decides(title, mesh, journal, expected):
    assert specialties_of(title=title, mesh=mesh, journal=journal) == expected
