"""What is measured: LOINC codes, the unit to compare in, molar mass, and what is physiologically possible.

Molar masses, g/mol: PubChem (compound identifier, CID) and IUPAC standard atomic weights. Limits: "MIMIC x2" is
twice the highest valid value, "MIMIC outlier" the value from which MIMIC-Extract calls an outlier, both set with
clinicians for intensive care (Wang et al., CHIL 2020, doi:10.1145/3368555.3384469, variable_ranges.csv); a published
survivor or record where it lies beyond that, or a definition. They say what cannot be, not what is abnormal.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from ehr_integration.chart.units.ucum import Unit, converted, parse, rounded

ABOVE_ZERO = 1e-9  # always present in living blood
INTERNATIONAL = Unit(1e-6 / 60, frozenset({("mol", 1), ("s", -1), ("[IU]", -1)}))


@dataclass(frozen=True, kw_only=True)
class Analyte:
    """One measurand. `limits` are in `unit` and inclusive; `molar_mass` is g/mol; `valence` is meq per mmol.

    `is_activity`: "U" and "IU" are written for the same unit of it (enzymes: IUB 1964; TSH: WHO standard).
    """

    name: str
    codes: str
    unit: str
    molar_mass: float | None = None
    valence: int | None = None
    limits: tuple[float, float] | None = None
    is_activity: bool = False
    source: str = ""

    def in_unit(self, value: float, source: str, target: str) -> float | None:
        """Return the value in the target unit, None where it cannot be converted."""
        if self.name == "Haemoglobin A1c":
            return _glycated(value, source, target)
        direct = converted(value, source, target)
        if direct is not None:
            return direct
        one, other = self._comparable(source), self._comparable(target)
        if one is None or other is None or one.dimensions != other.dimensions:
            return None
        return rounded(value * one.factor / other.factor)

    def is_possible(self, value: float, unit: str) -> bool:
        """Whether a living patient can have the value; True where no limits are known."""
        comparable = self.in_unit(value, unit, self.unit)
        return self.limits is None or comparable is None or self.limits[0] <= comparable <= self.limits[1]

    def _comparable(self, unit: str) -> Unit | None:
        """Return the unit with amounts of substance as masses, and international units as enzyme units."""
        found = parse(unit)
        if found is None:
            return None
        if self.is_activity:
            found = found.times(INTERNATIONAL, found.power("[IU]"))
        if self.valence:
            found = found.times(
                Unit(1 / self.valence, frozenset({("mol", 1), ("eq", -1)})), found.power("eq")
            )
        if self.molar_mass:
            grams = Unit(self.molar_mass, frozenset({("g", 1), ("mol", -1)}))
            found = found.times(grams, found.power("mol"))
        return found


def _glycated(value: float, source: str, target: str) -> float | None:
    """Source: NGSP = 0.09148 x IFCC + 2.152, Hoelzel et al., Clin Chem 2004;50:166."""
    if source == target:
        return value
    if (source, target) == ("mmol/mol", "%"):
        return rounded(0.09148 * value + 2.152)
    return rounded((value - 2.152) / 0.09148) if (source, target) == ("%", "mmol/mol") else None


ANALYTES = (
    Analyte(
        name="Creatinine",
        codes="2160-0 38483-4 14682-9 21232-4",
        unit="mg/dL",
        molar_mass=113.12,
        limits=(ABOVE_ZERO, 120),
        source="CID 588; MIMIC x2",
    ),
    Analyte(
        name="Glucose",
        codes="2345-7 2339-0 1558-6 14749-6 15074-8 41653-7 2340-8 2341-6 14771-0",
        unit="mg/dL",
        molar_mass=180.156,
        limits=(ABOVE_ZERO, 4000),
        source="CID 5793; MIMIC x2",
    ),
    Analyte(
        name="Cholesterol",
        codes="2093-3 14647-2 2085-9 14646-4 2089-1 18262-6 13457-7 22748-8 39469-2 43396-1",
        unit="mg/dL",
        molar_mass=386.65,
        source="CID 5997",
    ),
    Analyte(
        name="Triglycerides",
        codes="2571-8 14927-8 3043-7",
        unit="mg/dL",
        molar_mass=885.4,
        source="CID 5497163 (triolein), the convention behind the factor 0.0113",
    ),
    Analyte(
        name="Bilirubin",
        codes="1975-2 14631-6 1968-7 14629-0 42719-5 1971-1 14630-8",
        unit="mg/dL",
        molar_mass=584.7,
        limits=(0, 120),
        source="CID 5280352; MIMIC x2",
    ),
    Analyte(
        name="Urea nitrogen",
        codes="3094-0 6299-2 14937-7 59570-2",
        unit="mg/dL",
        molar_mass=28.014,
        limits=(ABOVE_ZERO, 500),
        source="two nitrogen atoms of each urea molecule, IUPAC; MIMIC x2",
    ),
    Analyte(name="Urea", codes="3091-6 22664-7", unit="mg/dL", molar_mass=60.056, source="CID 1176"),
    Analyte(
        name="Calcium",
        codes="17861-6 49765-1 2000-8",
        unit="mg/dL",
        molar_mass=40.078,
        valence=2,
        source="IUPAC",
    ),
    Analyte(
        name="Calcium, ionised",
        codes="1995-0 1994-3 12180-6 17863-2 38230-9 47596-2",
        unit="mmol/L",
        molar_mass=40.078,
        valence=2,
        source="IUPAC",
    ),
    Analyte(
        name="Magnesium",
        codes="19123-9 2601-3 21377-7",
        unit="mg/dL",
        molar_mass=24.305,
        valence=2,
        limits=(ABOVE_ZERO, 40),
        source="IUPAC; MIMIC x2",
    ),
    Analyte(
        name="Phosphate",
        codes="2777-1 14879-1",
        unit="mg/dL",
        molar_mass=30.974,
        limits=(ABOVE_ZERO, 40),
        source="as phosphorus, IUPAC; MIMIC x2",
    ),
    Analyte(
        name="Sodium",
        codes="2951-2 2947-0 32717-1",
        unit="mmol/L",
        molar_mass=22.990,
        valence=1,
        limits=(ABOVE_ZERO, 450),
        source="IUPAC; MIMIC x2",
    ),
    Analyte(
        name="Potassium",
        codes="2823-3 6298-4 32713-0",
        unit="mmol/L",
        molar_mass=39.098,
        valence=1,
        limits=(ABOVE_ZERO, 24),
        source="IUPAC; MIMIC x2",
    ),
    Analyte(
        name="Chloride",
        codes="2075-0 2069-3",
        unit="mmol/L",
        molar_mass=35.45,
        valence=1,
        limits=(ABOVE_ZERO, 350),
        source="IUPAC; MIMIC x2",
    ),
    Analyte(
        name="Bicarbonate",
        codes="1963-8 1959-6 1960-4 2028-9 20565-8",
        unit="mmol/L",
        molar_mass=61.017,
        valence=1,
        limits=(ABOVE_ZERO, 120),
        source="CID 769; MIMIC x2",
    ),
    Analyte(name="Urate", codes="3084-1 14933-6", unit="mg/dL", molar_mass=168.11, source="CID 1175"),
    Analyte(name="Albumin", codes="1751-7 61151-7", unit="g/dL", limits=(0, 12), source="MIMIC x2"),
    Analyte(
        name="Haemoglobin",
        codes="718-7 30313-1 59260-0 20509-6",
        unit="g/dL",
        molar_mass=16114.5,
        limits=(ABOVE_ZERO, 50),
        source="the monomer, ICSH, J Clin Pathol 1996;49:271; MIMIC x2",
    ),
    Analyte(
        name="Haemoglobin A1c",
        codes="4548-4 17856-6 4549-2 59261-8",
        unit="%",
        limits=(ABOVE_ZERO, 100),
        source="a share of haemoglobin, by definition",
    ),
    Analyte(
        name="Haematocrit",
        codes="4544-3 20570-8 4545-0 71833-8",
        unit="%",
        limits=(ABOVE_ZERO, 100),
        source="a share of the blood, by definition",
    ),
    Analyte(
        name="Leukocytes", codes="6690-2 26464-8 804-5", unit="10*3/uL", limits=(0, 2000), source="MIMIC x2"
    ),
    Analyte(
        name="Platelets", codes="777-3 26515-7 778-1", unit="10*3/uL", limits=(0, 4000), source="MIMIC x2"
    ),
    Analyte(
        name="Erythrocytes",
        codes="789-8 26453-1",
        unit="10*6/uL",
        limits=(ABOVE_ZERO, 16),
        source="the haemoglobin limit (50 g/dL) over a mean cell haemoglobin of 32 pg",
    ),
    Analyte(name="Iron", codes="2498-4 14798-3", unit="ug/dL", molar_mass=55.845, source="IUPAC"),
    Analyte(name="Ferritin", codes="2276-4 20567-4", unit="ng/mL"),
    Analyte(
        name="Vitamin D, 25-hydroxy",
        codes="1989-3 62292-8 14635-7",
        unit="ng/mL",
        molar_mass=400.6,
        source="CID 5283731",
    ),
    Analyte(
        name="Vitamin B12", codes="2132-9 14685-2", unit="pg/mL", molar_mass=1355.4, source="CID 5311498"
    ),
    Analyte(name="Folate", codes="2284-8 14732-2", unit="ng/mL", molar_mass=441.4, source="CID 135398658"),
    Analyte(
        name="Thyroxine, free", codes="3024-7 14920-3", unit="ng/dL", molar_mass=776.87, source="CID 5819"
    ),
    Analyte(name="Thyrotropin", codes="3016-3 11579-0 11580-8", unit="m[IU]/L", is_activity=True),
    Analyte(name="Cortisol", codes="2143-6 14675-3", unit="ug/dL", molar_mass=362.5, source="CID 5754"),
    Analyte(name="Testosterone", codes="2986-8 14913-8", unit="ng/dL", molar_mass=288.4, source="CID 6013"),
    Analyte(
        name="Lactate",
        codes="2524-7 32693-4 2518-9 14118-4",
        unit="mmol/L",
        molar_mass=90.08,
        limits=(0, 60),
        source="CID 612; MIMIC x2",
    ),
    Analyte(name="Digoxin", codes="10535-3 14698-5", unit="ng/mL", molar_mass=780.9, source="CID 2724385"),
    Analyte(
        name="Lithium", codes="14334-7 3719-2", unit="mmol/L", molar_mass=6.94, valence=1, source="IUPAC"
    ),
    Analyte(name="Phenytoin", codes="3968-5 14877-5", unit="ug/mL", molar_mass=252.27, source="CID 1775"),
    Analyte(name="Paracetamol", codes="3298-7 14618-3", unit="ug/mL", molar_mass=151.16, source="CID 1983"),
    Analyte(name="Alanine aminotransferase", codes="1742-6 1743-4 1744-2", unit="U/L", is_activity=True),
    Analyte(name="Aspartate aminotransferase", codes="1920-8 30239-8", unit="U/L", is_activity=True),
    Analyte(name="Alkaline phosphatase", codes="6768-6", unit="U/L", is_activity=True),
    Analyte(name="Gamma glutamyl transferase", codes="2324-2", unit="U/L", is_activity=True),
    Analyte(name="Lactate dehydrogenase", codes="2532-0 14804-9", unit="U/L", is_activity=True),
    Analyte(name="Creatine kinase", codes="2157-6", unit="U/L", is_activity=True),
    Analyte(name="Lipase", codes="3040-3", unit="U/L", is_activity=True),
    Analyte(name="Amylase", codes="1798-8", unit="U/L", is_activity=True),
    Analyte(
        name="INR",
        codes="6301-6 34714-6",
        unit="1",
        limits=(ABOVE_ZERO, math.inf),
        source="a ratio, by definition",
    ),
    Analyte(
        name="pH",
        codes="2744-1 11558-4 2746-6 2745-8",
        unit="[pH]",
        limits=(6.3, 8.4),
        source="MIMIC valid range",
    ),
    Analyte(
        name="Systolic blood pressure",
        codes="8480-6 8459-0 8460-8 8461-6 76534-7",
        unit="mm[Hg]",
        limits=(0, 480),
        source="480/350 mmHg in weight lifters, MacDougall et al., J Appl Physiol 1985;58:785",
    ),
    Analyte(
        name="Diastolic blood pressure",
        codes="8462-4 8453-3 8454-1 8455-8 76535-4",
        unit="mm[Hg]",
        limits=(0, 375),
        source="MIMIC valid range; 350 mmHg in MacDougall et al. 1985",
    ),
    Analyte(
        name="Mean blood pressure", codes="8478-0", unit="mm[Hg]", limits=(0, 375), source="MIMIC outlier"
    ),
    Analyte(
        name="Heart rate",
        codes="8867-4 8889-8 8893-0 68999-2",
        unit="/min",
        limits=(0, 700),
        source="MIMIC x2",
    ),
    Analyte(name="Respiratory rate", codes="9279-1", unit="/min", limits=(0, 330), source="MIMIC outlier"),
    Analyte(
        name="Oxygen saturation",
        codes="2708-6 59408-5 20564-1 2713-6",
        unit="%",
        limits=(0, 100),
        source="a share, by definition",
    ),
    Analyte(
        name="Body temperature",
        codes="8310-5 8331-1 8328-7 8332-9 8333-7 75539-7 8329-5",
        unit="Cel",
        limits=(9, 47),
        source="9 Cel survived, Niazi and Lewis, Ann Surg 1958;147:264; MIMIC outlier",
    ),
    Analyte(
        name="Body weight",
        codes="29463-7 3141-9 3142-7 8335-2",
        unit="kg",
        limits=(0.2, 650),
        source="Guinness World Records: 635 kg, and 212 g for a surviving newborn",
    ),
    Analyte(
        name="Body height",
        codes="8302-2 8306-3 8308-9 3137-7 3138-5",
        unit="cm",
        limits=(15, 275),
        source="Guinness World Records: 272 cm, and 24 cm for a surviving newborn, with room",
    ),
    Analyte(name="Body mass index", codes="39156-5", unit="kg/m2"),
    Analyte(
        name="Glasgow coma scale", codes="9269-2", unit="{score}", limits=(3, 15), source="its definition"
    ),
    # In urine there are no limits: what the kidneys pass spans orders of magnitude.
    Analyte(
        name="Sodium, urine", codes="2955-3", unit="mmol/L", molar_mass=22.990, valence=1, source="IUPAC"
    ),
    Analyte(
        name="Potassium, urine", codes="2828-2", unit="mmol/L", molar_mass=39.098, valence=1, source="IUPAC"
    ),
    Analyte(name="Creatinine, urine", codes="2161-8", unit="mg/dL", molar_mass=113.12, source="CID 588"),
    Analyte(
        name="Urea nitrogen, urine",
        codes="3095-7",
        unit="mg/dL",
        molar_mass=28.014,
        source="two nitrogen atoms of each urea molecule, IUPAC",
    ),
)
BY_CODE: Mapping[str, Analyte] = {code: analyte for analyte in ANALYTES for code in analyte.codes.split()}
