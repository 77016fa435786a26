"""Weights and sizes of the body that doses and fluids are reckoned from."""

from typing import Annotated

from clinical.calculators.declaring import calculator
from clinical.calculators.domain import Asked, Sex, Source
from clinical.calculators.inputs import MONTH, YEAR, AdultWeightKg, HeightCm, PatientSex, WeightKg

CM_PER_INCH = 2.54
FIVE_FEET_IN_INCHES = 60

# Devine's rule counts inches over 5 feet. Below that its line is carried on, as pharmacists do, to 4 ft 6 in: below
# that height what it gives is no longer a weight that an adult lives with.
AdultHeightCm = Annotated[
    float,
    Asked(
        label="body height",
        unit="cm",
        low=137,
        high=260,
        loinc=("8302-2", "3137-7"),
        valid_for=10 * YEAR,
    ),
]
StudiedWeightKg = Annotated[
    float,
    Asked(label="body weight", unit="kg", low=40, high=220, loinc=("29463-7", "3141-9"), valid_for=MONTH),
]
TargetBodyMassIndexKgM2 = Annotated[
    float, Asked(label="body mass index to reach", unit="kg/m2", low=10, high=60)
]


@calculator(
    "Body mass index",
    Source(text="Keys et al., J Chronic Dis 1972; 25: 329-343", doi="10.1016/0021-9681(72)90027-6"),
    Source(
        text="WHO Technical Report Series 894, 2000, table 2.1", url="https://iris.who.int/handle/10665/42330"
    ),
    unit="kg/m2",
    decimals=1,
    # Source: WHO Technical Report Series 894.
    bands=(
        (0, "in an adult: underweight"),
        (18.5, "in an adult: normal range"),
        (25, "in an adult: overweight"),
        (30, "in an adult: obesity class I"),
        (35, "in an adult: obesity class II"),
        (40, "in an adult: obesity class III"),
    ),
    note="The classes are for adults. In a child, compare with the growth chart for age and sex.",
)
def body_mass_index(*, weight_kg: WeightKg, height_cm: HeightCm) -> float:
    """Return the body mass index, kg/m2."""
    return weight_kg / (height_cm / 100) ** 2


@calculator(
    "Body surface area (Mosteller)",
    Source(text="Mosteller, N Engl J Med 1987; 317: 1098", doi="10.1056/NEJM198710223171717"),
    unit="m2",
    decimals=2,
)
def body_surface_area(*, weight_kg: WeightKg, height_cm: HeightCm) -> float:
    """Return the body surface area, m2."""
    area: float = (weight_kg * height_cm / 3600) ** 0.5
    return area


@calculator(
    "Ideal body weight (Devine)",
    Source(
        text="Devine, Drug Intell Clin Pharm 1974; 8: 650-655, as told by Pai and Paloucek, "
        "Ann Pharmacother 2000; 34: 1066-1069",
        doi="10.1345/aph.19381",
    ),
    unit="kg",
    decimals=1,
    note="For adults. Devine gave it for heights from 5 feet (152 cm); below, the same line is carried on.",
)
def ideal_body_weight(*, height_cm: AdultHeightCm, sex: PatientSex) -> float:
    """Return the ideal body weight, kg."""
    at_five_feet = 45.5 if sex is Sex.FEMALE else 50.0
    return at_five_feet + 2.3 * (height_cm / CM_PER_INCH - FIVE_FEET_IN_INCHES)


@calculator(
    "Adjusted body weight",
    Source(
        text="Bauer et al., Eur J Clin Pharmacol 1983; 24: 643-647, on the ideal weight of Devine",
        doi="10.1007/BF00542215",
    ),
    unit="kg",
    decimals=1,
    note="Made for doses in obesity. Where the actual weight is below the ideal, use the actual weight.",
)
def adjusted_body_weight(*, weight_kg: AdultWeightKg, height_cm: AdultHeightCm, sex: PatientSex) -> float:
    """Return the ideal body weight with 0.4 of what the actual weight is above it, kg."""
    ideal_kg = ideal_body_weight(height_cm=height_cm, sex=sex)
    return ideal_kg + 0.4 * (weight_kg - ideal_kg)


@calculator(
    "Target weight",
    Source(
        text="The definition of the body mass index, Keys et al., J Chronic Dis 1972; 25: 329-343",
        doi="10.1016/0021-9681(72)90027-6",
    ),
    unit="kg",
    decimals=1,
)
def target_weight(*, target_body_mass_index_kg_m2: TargetBodyMassIndexKgM2, height_cm: HeightCm) -> float:
    """Return the weight at which the body mass index is reached, kg."""
    weight_kg: float = target_body_mass_index_kg_m2 * (height_cm / 100) ** 2
    return weight_kg


@calculator(
    "Lean body weight (Janmahasatian)",
    Source(
        text="Janmahasatian et al., Clin Pharmacokinet 2005; 44: 1051-1065",
        doi="10.2165/00003088-200544100-00004",
    ),
    unit="kg",
    decimals=1,
    note="Made in adults from 41 to 217 kg with a body mass index of 17 to 70 kg/m².",
)
def lean_body_weight(*, weight_kg: StudiedWeightKg, height_cm: AdultHeightCm, sex: PatientSex) -> float:
    """Return the fat-free mass, kg."""
    at_zero, per_index = (8780, 244) if sex is Sex.FEMALE else (6680, 216)
    index = body_mass_index(weight_kg=weight_kg, height_cm=height_cm)
    return 9270 * weight_kg / (at_zero + per_index * index)


@calculator(
    "Maintenance fluids (4-2-1 rule)",
    Source(text="Holliday and Segar, Pediatrics 1957; 19: 823-832", doi="10.1542/peds.19.5.823"),
    Source(
        text="American Academy of Pediatrics, Feld et al., Pediatrics 2018; 142: e20183083, on the composition",
        doi="10.1542/peds.2018-3083",
    ),
    unit="mL/h",
    decimals=1,
    note="By the hour, rounded from 100, 50 and 20 mL/kg a day. Newborns, losses, kidney or heart failure and raised "
    "vasopressin need another amount. From 28 days to 18 years the fluid is isotonic (AAP 2018).",
)
def maintenance_fluids(*, weight_kg: WeightKg) -> float:
    """Return the rate, mL/h: 4 mL/kg for the first 10 kg, 2 for the next 10, 1 for every further one."""
    first, second, rest = min(weight_kg, 10), min(max(weight_kg - 10, 0), 10), max(weight_kg - 20, 0)
    return 4 * first + 2 * second + rest
