"""Strokes, haemorrhages, delirium and children's coma, worked by hand from their publications."""

import pytest

from clinical.calculators.errors import InputOutOfRange, NotApplicable
from clinical.calculators.formulas.body_and_mind.nerves import (
    Alertness,
    Attention,
    ChildEyes,
    ChildMovement,
    ChildVoice,
    Mistakes,
    four_at,
    ich_score,
    nihss,
    pediatric_glasgow_coma_scale,
)

NIHSS_HIGHEST = (3, 2, 2, 2, 3, 3, 4, 4, 4, 4, 2, 2, 3, 2, 2)
SMALL_BLEED = {
    "glasgow_coma_score": 15,
    "haematoma_ml": 10,
    "has_intraventricular_blood": False,
    "is_infratentorial": False,
    "age_years": 60,
}
WELL = {
    "alertness": Alertness.NORMAL,
    "mistakes": Mistakes.NONE,
    "attention": Attention.SEVEN_OR_MORE,
    "has_acute_change": False,
}


def test_nihss_has_the_fifteen_items_with_their_ranges():
    assert tuple(each.asked.high for each in nihss.inputs.values()) == NIHSS_HIGHEST
    nothing = dict.fromkeys(nihss.inputs, 0)
    assert nihss(**nothing) == 0
    for name in nihss.inputs:
        assert nihss(**{**nothing, name: 1}) == 1
    assert nihss(**dict(zip(nihss.inputs, NIHSS_HIGHEST, strict=True))) == 42 == nihss.out_of
    with pytest.raises(InputOutOfRange):
        nihss(**{**nothing, "gaze": 3})


@pytest.mark.parametrize(
    ("changes", "points"),
    [
        ({}, 0),
        ({"glasgow_coma_score": 13}, 0),
        ({"glasgow_coma_score": 12}, 1),
        ({"glasgow_coma_score": 5}, 1),
        ({"glasgow_coma_score": 4}, 2),
        ({"haematoma_ml": 29.9}, 0),
        ({"haematoma_ml": 30}, 1),
        ({"has_intraventricular_blood": True}, 1),
        ({"is_infratentorial": True}, 1),
        ({"age_years": 79}, 0),
        ({"age_years": 80}, 1),
        (
            {
                "glasgow_coma_score": 3,
                "haematoma_ml": 60,
                "has_intraventricular_blood": True,
                "is_infratentorial": True,
                "age_years": 85,
            },
            6,
        ),
    ],
)
def test_ich_score_counts_as_its_table(changes, points):
    assert ich_score(**{**SMALL_BLEED, **changes}) == points


def test_ich_score_says_what_happened_to_the_authors_patients():
    assert [ich_score.meaning(points).split(" ")[0] for points in range(5)] == [
        "none",
        "13%",
        "26%",
        "72%",
        "97%",
    ]
    assert ich_score.meaning(5) == ich_score.meaning(6)


@pytest.mark.parametrize(
    ("changes", "points"),
    [
        ({}, 0),
        ({"alertness": Alertness.SLEEPY_ON_WAKING}, 0),
        ({"alertness": Alertness.ABNORMAL}, 4),
        ({"mistakes": Mistakes.ONE}, 1),
        ({"mistakes": Mistakes.MORE}, 2),
        ({"attention": Attention.FEWER}, 1),
        ({"attention": Attention.UNTESTABLE}, 2),
        ({"has_acute_change": True}, 4),
        (
            {
                "alertness": Alertness.ABNORMAL,
                "mistakes": Mistakes.MORE,
                "attention": Attention.UNTESTABLE,
                "has_acute_change": True,
            },
            12,
        ),
    ],
)
def test_4at_counts_as_its_form(changes, points):
    assert four_at(**{**WELL, **changes}) == points


def test_4at_means_delirium_from_4():
    assert "cognitive impairment" in four_at.meaning(3)
    assert "delirium" not in four_at.meaning(3)
    assert "possible delirium" in four_at.meaning(4)


@pytest.mark.parametrize(
    ("eyes", "voice", "movement", "total"),
    [
        (ChildEyes.SPONTANEOUS, ChildVoice.COOS_OR_BABBLES, ChildMovement.SPONTANEOUS, 15),
        (ChildEyes.TO_SPEECH, ChildVoice.IRRITABLE_CRY, ChildMovement.WITHDRAWS_FROM_TOUCH, 12),
        (ChildEyes.TO_PAIN, ChildVoice.CRIES_TO_PAIN, ChildMovement.WITHDRAWS_FROM_PAIN, 9),
        (ChildEyes.TO_PAIN, ChildVoice.MOANS_TO_PAIN, ChildMovement.FLEXION, 7),
        (ChildEyes.NONE, ChildVoice.NONE, ChildMovement.EXTENSION, 4),
        (ChildEyes.NONE, ChildVoice.NONE, ChildMovement.NONE, 3),
    ],
)
def test_a_child_s_coma_scale_adds_up(eyes, voice, movement, total):
    assert pediatric_glasgow_coma_scale(eyes=eyes, voice=voice, movement=movement) == total


def test_what_cannot_be_tested_has_no_total():
    with pytest.raises(NotApplicable):
        pediatric_glasgow_coma_scale(
            eyes=ChildEyes.NOT_TESTABLE, voice=ChildVoice.NONE, movement=ChildMovement.NONE
        )
