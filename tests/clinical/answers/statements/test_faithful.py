"""What a draft may not do to its passage; each line is of a kind of mistake that a small model made."""

import pytest

from clinical.answers.statements.faithful import is_faithful, turns_label_into_subject
from clinical.evidence.domain import Passage
from tests.clinical.evidence.corpus import make_article


def passage(quote, *context):
    return Passage(source=make_article(quote), start=0, end=len(quote), context=context)


@pytest.mark.parametrize(
    ("quote", "statement"),
    [
        # A name of its own.
        (
            "This study compared P2Y12 inhibitors after PCI.",
            "This study compared P2Y12 inhibitors after PCI (KABLAM).",
        ),
        # For whom it holds is lost.
        (
            "In seriously ill adults, the trough should be kept at 15-20 mcg/mL.",
            "The trough should be kept at 15-20 mcg/mL.",
        ),
        # Two items of a list become one sentence.
        (
            "- **Track 1:** increase the reliever; the plan should say when to add OCS\n- **Track 2:** double ICS; use SABA for relief",
            "Track 1: increase the reliever; the plan should say when to add SABA for relief",
        ),
        # Two sentences become one.
        (
            "The records of 52 patients with endocarditis despite negative cultures were read. They differed in emboli.",
            "The records of 52 patients with endocarditis differed in emboli.",
        ),
        # What is left is a piece.
        (
            "The panel suggests albumin for patients after large volumes of crystalloids (weak recommendation, moderate evidence).",
            "Weak recommendation, moderate evidence",
        ),
        # A label that limits is lost.
        (
            "**Age <= 75 years:** High-intensity statin therapy to reduce LDL-C by >= 50%.",
            "High-intensity statin therapy to reduce LDL-C by >= 50%.",
        ),
        # A cell of a row is lost.
        ("**LBBB** | **≥ 150 ms** | II, III | ≤ 35% | **Class I**", "LBBB | II, III | ≤ 35% | Class I"),
        # An item without the question that it answers, or the patients that it is for.
        (
            "**Has a long-term indication for beta-blockers?**\n   - Yes: **May be reasonable** to start before surgery.",
            "May be reasonable to start before surgery.",
        ),
        (
            "For patients with ASCVD who do NOT meet very high-risk criteria:\n\n1. Consider adding ezetimibe.",
            "Consider adding ezetimibe.",
        ),
        # What leads a list, without the list.
        (
            "A clinic is recommended to:\n1. Choose a modality.\n2. Establish access.",
            "A clinic is recommended to:",
        ),
        # A label becomes part of its sentence.
        (
            "**Contraindication for D-dimer:** D-dimer testing is **NOT recommended** after a high score.",
            "Contraindication for D-dimer testing is NOT recommended after a high score.",
        ),
        # How sure the authors are is lost.
        (
            "Our findings suggest that the cost of prevention is lowest with empagliflozin.",
            "The cost of prevention is lowest with empagliflozin.",
        ),
        # The word that is lost stands in a parenthesis once more.
        (
            "The maximum total formoterol dose is 48 mcg/day (12 actuations of budesonide-formoterol).",
            "The maximum total dose is 48 mcg/day (12 actuations of budesonide-formoterol).",
        ),
        # A word that limits is lost, or a parenthesis that does.
        ("Ambulatory monitoring is the preferred method.", "Monitoring is the preferred method."),
        (
            "GINA advises against stepping down (except if the dose is very high) in pregnancy.",
            "GINA advises against stepping down in pregnancy.",
        ),
    ],
)
def test_a_draft_that_composes_is_not_faithful(quote, statement):
    assert not is_faithful(statement, passage(quote))


@pytest.mark.parametrize(
    ("quote", "statement"),
    [
        (
            "Thus, apixaban **lowered** strokes (by a fifth) in older adults.",
            "Apixaban lowered strokes in older adults.",
        ),
        (
            "We conclude that apixaban lowered strokes. Bleeding was not measured.",
            "Apixaban lowered strokes.",
        ),
        (
            "For adults with AF:\n- Apixaban lowered strokes.\n- Warfarin did not.",
            "For adults with AF: Apixaban lowered strokes.",
        ),
        ("In older adults, apixaban lowered strokes.", "In older adults, apixaban lowered strokes."),
        ("Dose: 5 mg twice daily. Reduce it in frailty.", "Dose: 5 mg twice daily. Reduce it in frailty."),
    ],
)
def test_a_draft_that_copies_is(quote, statement):
    assert is_faithful(statement, passage(quote))


def test_a_heading_may_stand_before_it():
    assert is_faithful("Epinephrine may be repeated.", passage("Epinephrine may be repeated.", "Epinephrine"))
    assert is_faithful("Dosing: Give 5 mg twice daily.", passage("Give 5 mg twice daily.", "Dosing"))


def test_a_label_is_no_subject_but_that_of_a_medicine_is():
    label = passage("**Refractory AF:** Recommended for symptomatic AF when drugs failed.")
    assert turns_label_into_subject(
        "Refractory AF is recommended for symptomatic AF when drugs failed.", label
    )
    assert not turns_label_into_subject(
        "Refractory AF: Recommended for symptomatic AF when drugs failed.", label
    )
    medicine = passage("**Allopurinol:** recommended first in gout.")
    assert not turns_label_into_subject("Allopurinol is recommended first in gout.", medicine)
