"""What many formulas ask for: unit, range of plausible values, and the LOINC codes by which a chart tells it.

Ranges are of what is plausible in a patient; a formula that was made for fewer says so in its own annotation.
How long a value of the chart counts is our choice: a day for what changes by the hour, a month for what is measured
at a visit, a year for what is checked yearly.
"""

from datetime import date, timedelta
from typing import Annotated

from clinical.calculators.domain import Asked, Known, Sex

DAY, WEEK, MONTH, YEAR = (timedelta(days=days) for days in (1, 7, 31, 365))

AgeYears = Annotated[int, Asked(label="age", unit="a", low=0, high=120, known=Known.AGE)]
AdultAgeYears = Annotated[int, Asked(label="age", unit="a", low=18, high=120, known=Known.AGE)]
PatientSex = Annotated[Sex, Asked(label="sex", known=Known.SEX)]

WeightKg = Annotated[
    float,
    Asked(label="body weight", unit="kg", low=0.3, high=400, loinc=("29463-7", "3141-9"), valid_for=MONTH),
]
AdultWeightKg = Annotated[
    float,
    Asked(label="body weight", unit="kg", low=20, high=400, loinc=("29463-7", "3141-9"), valid_for=MONTH),
]
HeightCm = Annotated[
    float,
    Asked(label="body height", unit="cm", low=20, high=260, loinc=("8302-2", "3137-7"), valid_for=10 * YEAR),
]
BodyMassIndexKgM2 = Annotated[
    float,
    Asked(label="body mass index", unit="kg/m2", low=5, high=150, loinc=("39156-5",), valid_for=MONTH),
]

SystolicMmHg = Annotated[
    float,
    Asked(
        label="systolic blood pressure", unit="mm[Hg]", low=20, high=350, loinc=("8480-6",), valid_for=MONTH
    ),
]
DiastolicMmHg = Annotated[
    float,
    Asked(
        label="diastolic blood pressure", unit="mm[Hg]", low=5, high=250, loinc=("8462-4",), valid_for=MONTH
    ),
]
HeartRatePerMin = Annotated[
    float,
    Asked(label="heart rate", unit="/min", low=10, high=350, loinc=("8867-4", "8889-8"), valid_for=DAY),
]
RespiratoryRatePerMin = Annotated[
    float, Asked(label="respiratory rate", unit="/min", low=0, high=120, loinc=("9279-1",), valid_for=DAY)
]
TemperatureCelsius = Annotated[
    float,
    Asked(label="body temperature", unit="Cel", low=20, high=45, loinc=("8310-5", "8331-1"), valid_for=DAY),
]
OxygenSaturationPercent = Annotated[
    float,
    Asked(label="oxygen saturation", unit="%", low=20, high=100, loinc=("2708-6", "59408-5"), valid_for=DAY),
]
GlasgowComaScore = Annotated[
    int,
    Asked(
        label="Glasgow coma scale, total", unit="{score}", low=3, high=15, loinc=("9269-2",), valid_for=DAY
    ),
]

CreatinineMgDl = Annotated[
    float,
    Asked(
        label="serum creatinine",
        unit="mg/dL",
        low=0.1,
        high=30,
        # Creatinine in serum, plasma or blood. Source: LOINC.
        loinc=("2160-0", "38483-4", "59826-8", "77140-2", "14682-9"),
        # KDIGO 2024 has stable chronic kidney disease checked at least yearly; an older value tells of another time.
        valid_for=YEAR,
    ),
]
UreaNitrogenMgDl = Annotated[
    float,
    Asked(
        label="blood urea nitrogen (BUN)",
        unit="mg/dL",
        low=0.5,
        high=300,
        loinc=("3094-0", "6299-2", "14937-7"),
        valid_for=WEEK,
    ),
]
SodiumMmolL = Annotated[
    float,
    Asked(label="sodium", unit="mmol/L", low=80, high=220, loinc=("2951-2", "2947-0"), valid_for=WEEK),
]
PotassiumMmolL = Annotated[
    float,
    Asked(label="potassium", unit="mmol/L", low=1, high=12, loinc=("2823-3", "6298-4"), valid_for=WEEK),
]
ChlorideMmolL = Annotated[
    float,
    Asked(label="chloride", unit="mmol/L", low=50, high=180, loinc=("2075-0", "2069-3"), valid_for=WEEK),
]
BicarbonateMmolL = Annotated[
    float,
    Asked(
        label="bicarbonate",
        unit="mmol/L",
        low=1,
        high=60,
        loinc=("1963-8", "2028-9", "1959-6"),
        valid_for=WEEK,
    ),
]
GlucoseMgDl = Annotated[
    float,
    Asked(
        label="glucose",
        unit="mg/dL",
        low=5,
        high=2500,
        loinc=("2345-7", "2339-0", "1558-6", "14749-6"),
        valid_for=WEEK,
    ),
]
CalciumMgDl = Annotated[
    float,
    Asked(label="total calcium", unit="mg/dL", low=2, high=25, loinc=("17861-6", "49765-1"), valid_for=MONTH),
]
AlbuminGDl = Annotated[
    float,
    Asked(label="albumin", unit="g/dL", low=0.3, high=8, loinc=("1751-7", "61151-7"), valid_for=MONTH),
]
BilirubinMgDl = Annotated[
    float,
    Asked(
        label="total bilirubin", unit="mg/dL", low=0, high=80, loinc=("1975-2", "14631-6"), valid_for=MONTH
    ),
]
InternationalNormalizedRatio = Annotated[
    float, Asked(label="INR", unit="1", low=0.5, high=25, loinc=("6301-6", "34714-6"), valid_for=MONTH)
]
AlanineAminotransferaseUL = Annotated[
    float,
    Asked(
        label="alanine aminotransferase (ALT)",
        unit="U/L",
        low=1,
        high=30_000,
        loinc=("1742-6", "1743-4", "1744-2"),
        valid_for=MONTH,
    ),
]
AspartateAminotransferaseUL = Annotated[
    float,
    Asked(
        label="aspartate aminotransferase (AST)",
        unit="U/L",
        low=1,
        high=30_000,
        loinc=("1920-8", "30239-8"),
        valid_for=MONTH,
    ),
]
PlateletsThousandPerUl = Annotated[
    float,
    Asked(
        label="platelets",
        unit="10*3/uL",
        low=0,
        high=3_000,
        loinc=("777-3", "26515-7", "778-1"),
        valid_for=MONTH,
    ),
]
WhiteCellsThousandPerUl = Annotated[
    float,
    Asked(
        label="white blood cells",
        unit="10*3/uL",
        low=0,
        high=1_000,
        loinc=("6690-2", "26464-8", "804-5"),
        valid_for=WEEK,
    ),
]
HemoglobinGDl = Annotated[
    float,
    Asked(label="haemoglobin", unit="g/dL", low=1, high=30, loinc=("718-7", "20509-6"), valid_for=MONTH),
]
HematocritPercent = Annotated[
    float,
    Asked(label="haematocrit", unit="%", low=5, high=80, loinc=("4544-3", "20570-8"), valid_for=MONTH),
]
TotalCholesterolMgDl = Annotated[
    float,
    Asked(
        label="total cholesterol",
        unit="mg/dL",
        low=20,
        high=1_500,
        loinc=("2093-3", "14647-2"),
        valid_for=YEAR,
    ),
]
HdlCholesterolMgDl = Annotated[
    float,
    Asked(
        label="HDL cholesterol", unit="mg/dL", low=3, high=250, loinc=("2085-9", "14646-4"), valid_for=YEAR
    ),
]
TriglyceridesMgDl = Annotated[
    float,
    Asked(
        label="triglycerides", unit="mg/dL", low=10, high=10_000, loinc=("2571-8", "14927-8"), valid_for=YEAR
    ),
]
HemoglobinA1cPercent = Annotated[
    float,
    Asked(
        label="haemoglobin A1c",
        unit="%",
        low=3,
        high=25,
        loinc=("4548-4", "17856-6", "59261-8"),
        valid_for=YEAR,
    ),
]
LactateMmolL = Annotated[
    float,
    Asked(
        label="lactate", unit="mmol/L", low=0.1, high=40, loinc=("2524-7", "32693-4", "2518-9"), valid_for=DAY
    ),
]
ArterialPh = Annotated[
    float, Asked(label="arterial pH", unit="[pH]", low=6.3, high=8.4, loinc=("2744-1",), valid_for=DAY)
]
Pao2MmHg = Annotated[
    float,
    Asked(
        label="arterial oxygen pressure (PaO₂)",
        unit="mm[Hg]",
        low=10,
        high=800,
        loinc=("2703-7",),
        valid_for=DAY,
    ),
]
Paco2MmHg = Annotated[
    float,
    Asked(
        label="arterial carbon dioxide pressure (PaCO₂)",
        unit="mm[Hg]",
        low=5,
        high=250,
        loinc=("2019-8",),
        valid_for=DAY,
    ),
]
Fio2Percent = Annotated[
    float,
    Asked(
        label="inspired oxygen (FiO₂)",
        unit="%",
        low=21,
        high=100,
        loinc=("3150-0", "19994-3"),
        valid_for=DAY,
    ),
]
QtIntervalMs = Annotated[
    float, Asked(label="QT interval", unit="ms", low=150, high=900, loinc=("8634-8",), valid_for=MONTH)
]
CurrentDate = Annotated[date, Asked(label="date on which it is asked", known=Known.TODAY)]
LastMenstrualPeriodOn = Annotated[date, Asked(label="first day of the last menstrual period")]

HasHeartFailure = Annotated[bool, Asked(label="heart failure", condition="heart-failure")]
HasHypertension = Annotated[bool, Asked(label="hypertension", condition="hypertension")]
HasDiabetes = Annotated[bool, Asked(label="diabetes mellitus", condition="diabetes")]
HadStroke = Annotated[
    bool, Asked(label="stroke, transient ischaemic attack or thromboembolism", condition="stroke")
]
HasVascularDisease = Annotated[
    bool,
    Asked(
        label="vascular disease (myocardial infarction, peripheral artery disease, aortic plaque)",
        condition="vascular-disease",
    ),
]
