"""Each rule on invented sentences: what it objects to, and what it lets be."""

import pytest

from clinical.evidence.checking.domain import Reason
from clinical.evidence.checking.rules import RULES, objections
from clinical.evidence.checking.rules.names import missing_names
from clinical.evidence.domain import Passage
from tests.clinical.evidence.checking.passages import quote

TRIAL = "Bexapril reduced stroke by 25% (HR 0.75, 95% CI 0.60-0.94; p=0.01) in 1,200 adults over 24 months."
NULL = "There was no significant difference in mortality between bexapril and placebo."


def reason(rule: str, claim: str, passage: Passage) -> Reason | None:
    objection = RULES[rule](claim, passage)
    return objection.reason if objection else None


@pytest.mark.parametrize(
    ("claim", "text"),
    [
        ("Bexapril reduced stroke by a quarter.", TRIAL),
        ("Bexapril reduced stroke over 2 years.", TRIAL),
        ("Bexapril reduced stroke (p < 0.05).", TRIAL),
        ("In 1200 adults bexapril reduced stroke.", TRIAL),
        ("Bexapril reduced stroke.", TRIAL),
        ("The dose is 0.5 g.", "The dose is 500 mg."),
        ("About 50% recovered.", "Of the patients, 48% recovered."),
        ("32% recovered.", "31.6% of patients recovered."),
        ("More than half of the patients recovered.", "62% of patients recovered."),
        ("Adults aged 65 recovered.", "Adults aged 65 years recovered."),
    ],
)
def test_equal_numbers_pass(claim: str, text: str) -> None:
    assert reason("numbers", claim, quote(text)) is None


@pytest.mark.parametrize(
    ("claim", "text", "expected"),
    [
        ("Bexapril reduced stroke by 35% in adults.", TRIAL, Reason.NUMBER_NOT_FOUND),
        ("Bexapril reduced stroke by 25 mg.", TRIAL, Reason.NUMBER_NOT_FOUND),
        ("Bexapril reduced stroke (p < 0.001).", TRIAL, Reason.NUMBER_NOT_FOUND),
        ("Bexapril reduced stroke (95% CI 0.60-1.04).", TRIAL, Reason.NUMBER_NOT_FOUND),
        ("Give 5 g of bexapril.", "Give 5 mg of bexapril.", Reason.NUMBERS_DIFFER),
        ("The target of bexapril is below 80 mmHg.", "The target of bexapril is above 80 mmHg.", Reason.NUMBERS_DIFFER),
        ("Bexapril is used in stage 3 disease.", "Bexapril is used in stage 4 disease.", Reason.NUMBER_NOT_FOUND),
        ("The dose is 15-50 mg.", "The dose is 15-30 mg.", Reason.NUMBERS_DIFFER),
        ("More than 5 mg is given.", "More than 9 mg is given.", Reason.NUMBERS_DIFFER),
        ("Stroke fell (HR 0.75, 99% CI 0.60-0.94).", "Stroke fell (HR 0.75, 95% CI 0.60-0.94).", Reason.NUMBER_NOT_FOUND),
        ("Twice as many recovered.", "Three times as many recovered.", Reason.NUMBERS_DIFFER),
    ],
)  # fmt: skip
def test_another_number_or_unit_does_not_pass(claim: str, text: str, expected: Reason) -> None:
    found = RULES["numbers"](claim, quote(text))
    assert found is not None
    assert (found.reason, found.contradicts) in (
        (expected, expected is Reason.NUMBERS_DIFFER),
        (Reason.NUMBERS_DIFFER, True),
    )


@pytest.mark.parametrize(
    ("claim", "text"),
    [
        ("Bexapril lowers stroke.", TRIAL),
        ("Bexapril prevents stroke.", TRIAL),
        ("Bexapril does not affect mortality.", NULL),
        ("Mortality was similar with bexapril and placebo.", NULL),
        ("Bexapril does not reduce mortality.", "Bexapril increased mortality."),
        ("Bexapril reduced mortality.", "Bexapril improved survival and increased survival time."),
        ("Bexapril slowed bone loss.", "Bexapril attenuated the loss of bone."),
        (
            "Bexapril raised potassium and lowered sodium.",
            "Sodium decreased and potassium increased with bexapril.",
        ),
        ("Bexapril gave a greater reduction in pain.", "Pain was reduced more with bexapril."),
        ("Bexapril decreased pain.", "The reduction in pain was significantly greater with bexapril."),
        (
            "Pain was higher with corvazine than with bexapril.",
            "Pain was lower with bexapril than with corvazine.",
        ),
        (
            "Mortality did not differ with bexapril.",
            "Mortality was lower with bexapril, but not significantly (p = 0.2).",
        ),
    ],
)
def test_the_same_direction_passes(claim: str, text: str) -> None:
    assert reason("directions", claim, quote(text)) is None


@pytest.mark.parametrize(
    ("claim", "text"),
    [
        ("Bexapril increases stroke.", TRIAL),
        (
            "Pain was higher with bexapril than with corvazine.",
            "Pain was lower with bexapril than with corvazine.",
        ),
        (
            "Pain was lower with corvazine than with bexapril.",
            "Pain was lower with bexapril than with corvazine.",
        ),
        ("Bexapril reduces mortality.", NULL),
        ("Bexapril increases mortality.", NULL),
        ("Bexapril does not affect mortality.", "Bexapril reduced mortality."),
        ("Bexapril reduces mortality.", "Bexapril did not reduce mortality."),
        ("Bexapril improves function.", "Bexapril worsened function."),
        ("Bexapril increased mortality.", "Bexapril increased survival."),
        ("Bexapril raised sodium.", "Bexapril raised potassium, whereas sodium decreased."),
        ("Bexapril increases bone loss.", "Bexapril prevented the loss of bone."),
        ("Bexapril is associated with gout.", "Bexapril was not associated with gout."),
    ],
)
def test_another_direction_does_not_pass(claim: str, text: str) -> None:
    assert reason("directions", claim, quote(text)) in (Reason.OPPOSITE_DIRECTION, Reason.NEGATED)


@pytest.mark.parametrize(
    ("claim", "text"),
    [
        ("Bexapril lowers high blood pressure.", "Bexapril lowers low blood pressure."),
        ("Early treatment with bexapril is best.", "Late treatment with bexapril is best."),
        ("Bexapril is sufficient for gout.", "Bexapril is insufficient for gout."),
        ("Bexapril works in the presence of albumin.", "Bexapril works in the absence of albumin."),
        ("Bexapril causes hyperkalaemia in adults.", "Bexapril causes hypokalaemia in adults."),
    ],
)
def test_an_opposite_in_the_same_place_does_not_pass(claim: str, text: str) -> None:
    assert reason("opposites", claim, quote(text)) is Reason.OPPOSITE_DIRECTION
    assert reason("opposites", text, quote(text)) is None


def test_an_opposite_elsewhere_passes() -> None:
    text = "High doses of bexapril caused gout, while low salt did not matter."
    assert reason("opposites", "High doses of bexapril caused gout.", quote(text)) is None


@pytest.mark.parametrize(
    ("claim", "text"),
    [
        ("Bexapril is safe in pregnancy.", "Bexapril is not safe in pregnancy."),
        ("Bexapril is not safe in pregnancy.", "Bexapril is safe in pregnancy."),
        ("Bexapril crosses the placenta.", "Bexapril never crosses the placenta."),
        ("Bexapril crosses the placenta.", "Bexapril fails to cross the placenta."),
        ("Bexapril has anticholinergic properties.", "Bexapril lacks anticholinergic properties."),
        ("Bexapril cannot be dialysed.", "Bexapril can be dialysed."),
    ],
)
def test_what_one_side_denies_does_not_pass(claim: str, text: str) -> None:
    assert reason("negation", claim, quote(text)) is Reason.NEGATED


@pytest.mark.parametrize(
    ("claim", "text"),
    [
        ("Bexapril is not safe in pregnancy.", "Bexapril must not be considered safe in pregnancy."),
        ("Bexapril is not unsafe.", "Bexapril was not found unsafe."),
        ("Bexapril lacks anticholinergic properties.", "Bexapril does not have anticholinergic properties."),
        ("Bexapril is safe in pregnancy.", "Bexapril is safe in pregnancy, but not in lactation."),
        (
            "Bexapril not only lowers pressure but protects the kidney.",
            "Bexapril lowers pressure and protects the kidney.",
        ),
        ("Bexapril is used in heart failure.", "Bexapril is used in patients with heart failure."),
    ],
)
def test_a_shared_or_an_outlying_negation_passes(claim: str, text: str) -> None:
    assert reason("negation", claim, quote(text)) is None


@pytest.mark.parametrize(
    ("claim", "passage", "expected"),
    [
        ("Bexapril lowers mortality in patients.", quote("Bexapril lowered mortality of infected mice."), Reason.NOT_HUMAN),
        ("Bexapril helps people with asthma.", quote("Bexapril relaxed muscle.", mesh=("Animals",)), Reason.NOT_HUMAN),
        ("Bexapril helps patients.", quote("Bexapril slowed the growth of cultured cells."), Reason.NOT_HUMAN),
        ("Bexapril helps children with asthma.", quote("Bexapril helped adults with asthma."), Reason.OTHER_POPULATION),
        ("Bexapril helps pregnant women.", quote("Bexapril helped men."), Reason.OTHER_POPULATION),
        ("Bexapril helps men.", quote("Bexapril helped.", title="Bexapril in women with gout"), Reason.OTHER_POPULATION),
        ("Bexapril helps children.", quote("Bexapril helped.", "Adults"), Reason.OTHER_POPULATION),
    ],
)  # fmt: skip
def test_a_study_of_others_does_not_pass(claim: str, passage: Passage, expected: Reason) -> None:
    assert reason("population", claim, passage) is expected


@pytest.mark.parametrize(
    ("claim", "passage"),
    [
        ("Bexapril lowers mortality in mice.", quote("Bexapril lowered mortality of infected mice.")),
        ("Bexapril helps children.", quote("Bexapril helped.", title="Bexapril in paediatric asthma")),
        ("Bexapril helps adults.", quote("Bexapril helped children and adults.")),
        ("Bexapril helps patients.", quote("Bexapril helped patients and mice.")),
        ("Bexapril helps women.", quote("Bexapril helped.", mesh=("Humans", "Female"))),
        ("Bexapril helps with asthma.", quote("Bexapril helped with asthma.")),
    ],
)
def test_a_study_of_the_same_people_passes(claim: str, passage: Passage) -> None:
    assert reason("population", claim, passage) is None


@pytest.mark.parametrize(
    ("claim", "passage"),
    [
        ("Apixaban lowers the risk of stroke.", quote("Warfarin lowered the risk of stroke.")),
        ("Bexapril prevents pancreatitis.", quote("Bexapril prevented stroke.")),
        ("IL-6 is raised in sepsis.", quote("IL-8 is raised in sepsis.")),
        ("IL-1 is raised in sepsis.", quote("IL-10 is raised in sepsis.")),
        ("Bexapril is used in COPD.", quote("Bexapril is used in asthma.")),
        ("Semaglutide lowers HbA1c.", quote("Liraglutide lowers HbA1c.")),
    ],
)
def test_a_name_that_the_quote_lacks_does_not_pass(claim: str, passage: Passage) -> None:
    assert reason("names", claim, passage) is Reason.NAME_NOT_FOUND


@pytest.mark.parametrize(
    ("claim", "passage"),
    [
        (
            "Apixaban lowers the risk of stroke.",
            quote("It lowered the risk of stroke.", title="Apixaban in atrial fibrillation"),
        ),
        ("Apixaban lowers the risk of stroke.", quote("It lowered the risk of stroke.", "Apixaban")),
        ("COPD worsens in winter.", quote("Chronic obstructive pulmonary disease worsens in winter.")),
        ("IL-6 is raised in sepsis.", quote("Interleukin and IL6 were raised in sepsis.")),
        ("IFN-gamma is raised.", quote("IFN-γ was raised.")),
        ("PAR1 is raised.", quote("PAR1-deficient mice were raised.")),
        ("MMP-9 is raised.", quote("MMP 9 was raised.")),
        ("Albuterol opens airways.", quote("Salbutamol opens airways.")),
        ("Chronic quibble disease (CQD) is rare.", quote("Chronic quibble disease was rare.")),
        ("CQD is rare.", quote("Chronic quibble disease (CQD) was seen. It was rare.")),
        ("SREBP2 is raised.", quote("Sterol regulatory element-binding protein-2 was raised.")),
        ("Bexapril is used in type II diabetes.", quote("Bexapril was used in diabetes of that type.")),
    ],
)
def test_a_name_under_any_of_its_names_passes(claim: str, passage: Passage) -> None:
    assert reason("names", claim, passage) is None


def test_a_gene_or_abbreviation_that_the_source_lacks_only_weighs() -> None:
    passage = quote("Every rat had raised stress.")
    assert reason("names", "ER stress is raised.", passage) is None
    assert missing_names("ER stress is raised.", passage.source) == ("ER",)
    assert (
        missing_names("ER stress is raised.", quote("Endoplasmic reticulum (ER) stress was raised.").source)
        == ()
    )


@pytest.mark.parametrize(
    ("claim", "text", "expected"),
    [
        ("Bexapril prevents stroke.", "Bexapril may prevent stroke.", Reason.HEDGED),
        (
            "Bexapril prevents stroke.",
            "We aimed to determine whether bexapril prevents stroke.",
            Reason.NOT_A_FINDING,
        ),
        (
            "Bexapril prevents stroke.",
            "It remains unclear whether bexapril prevents stroke.",
            Reason.NOT_A_FINDING,
        ),
        ("Bexapril prevents stroke.", "To assess the effect of bexapril on stroke.", Reason.NOT_A_FINDING),
        ("Bexapril prevents stroke.", "Does bexapril prevent stroke?", Reason.NOT_A_FINDING),
        ("Bexapril causes gout.", "Bexapril was associated with gout.", Reason.NO_CAUSE_SHOWN),
        ("Bexapril may prevent stroke.", "Bexapril might prevent stroke.", None),
        ("Bexapril prevents stroke.", "Bexapril prevented stroke.", None),
        ("Bexapril was stopped in 2009.", "Bexapril was stopped in May 2009.", None),
        ("Bexapril is associated with gout.", "Bexapril causes gout.", None),
        ("Bexapril causes gout.", "In this randomised trial bexapril was associated with gout.", None),
    ],
)
def test_a_claim_is_no_surer_than_its_quote(claim: str, text: str, expected: Reason | None) -> None:
    assert reason("hedging", claim, quote(text)) is expected


@pytest.mark.parametrize(
    ("claim", "text", "is_lost"),
    [
        ("Bexapril may be used.", "Bexapril may be used if potassium is normal.", True),
        ("Warfarin is recommended.", "Warfarin is recommended only where DOACs are contraindicated.", True),
        ("Bexapril is recommended in adults.", "Bexapril is recommended in selected adults.", True),
        (
            "Bexapril may be used if potassium is normal.",
            "Bexapril may be used if potassium is normal.",
            False,
        ),
        ("Bexapril lowers pressure.", "Bexapril not only lowers pressure but protects the kidney.", False),
    ],
)
def test_a_condition_is_not_lost(claim: str, text: str, is_lost: bool) -> None:
    assert (reason("conditions", claim, quote(text)) is Reason.CONDITION_LOST) is is_lost


def test_nothing_objects_to_a_sentence_as_its_own_claim() -> None:
    for text in (
        TRIAL,
        NULL,
        "Bexapril may be used if potassium is normal.",
        "Warfarin is not safe in pregnancy.",
    ):
        assert list(objections(text, quote(text))) == []
