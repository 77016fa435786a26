"""The risk of stroke in atrial fibrillation."""

from dataclasses import dataclass

from clinical.calculators.errors import check_range

CHA2DS2_VASC = "https://doi.org/10.1378/chest.09-1584"


@dataclass(frozen=True, kw_only=True)
class StrokeRiskFactors:
    """What the score counts; a factor that is not known to be there counts as not there."""

    age_years: int
    is_female: bool
    has_heart_failure: bool
    has_hypertension: bool
    has_diabetes: bool
    had_stroke: bool
    has_vascular_disease: bool


def cha2ds2_vasc(factors: StrokeRiskFactors) -> int:
    """Return the score, 0 to 9. Raises: InputOutOfRange (adults).

    Source: Lip et al., Chest 2010; 137: 263-272, table 2, doi:10.1378/chest.09-1584.
    """
    check_range("age_years", factors.age_years, 18, 120)
    by_age = 2 if factors.age_years >= 75 else 1 if factors.age_years >= 65 else 0
    single = (
        factors.has_heart_failure,
        factors.has_hypertension,
        factors.has_diabetes,
        factors.has_vascular_disease,
        factors.is_female,
    )
    return by_age + 2 * factors.had_stroke + sum(single)
