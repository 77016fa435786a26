"""Yes/no questions: as statements, and as answered."""

import pytest

from clinical.evidence.checking.decisions import decide_by
from clinical.evidence.checking.domain import Answer, Decision
from clinical.evidence.checking.questions import statement_of
from clinical.evidence.checking.reader import Head
from clinical.evidence.domain import Retraction
from tests.clinical.evidence.checking.passages import ScriptedReader, quote

QUESTION = "Does bexapril lower the rate of stroke?"
RESULT = quote("Bexapril lowered the rate of stroke by 25%.")
WEATHER = quote("The weather was fine on most days of the trial.")


@pytest.mark.parametrize(
    ("question", "statement"),
    [
        ("Does bexapril prevent stroke?", "bexapril prevent stroke"),
        ("Can bexapril predict stroke?", "bexapril predict stroke"),
        ("Is bexapril associated with gout?", "bexapril is associated with gout"),
        ("Is bexapril a safe drug?", "bexapril is a safe drug"),
        ("Bexapril in the elderly: is it safe?", "Bexapril in the elderly is safe"),
        ("Gout and stroke: does bexapril help?", "Gout and stroke: bexapril help"),
        ("Is there a role for bexapril?", "there is a role for bexapril"),
        ("Bexapril for gout?", "Bexapril for gout"),
        ("Doesn't bexapril help?", "It is not so that bexapril help"),
    ],
)
def test_a_question_becomes_the_statement_it_asks_about(question: str, statement: str) -> None:
    assert statement_of(question) == statement


@pytest.mark.parametrize(
    ("said", "answer"),
    [((0.9, 0.05, 0.05), Answer.YES), ((0.05, 0.9, 0.05), Answer.NO), ((0.3, 0.3, 0.4), Answer.MAYBE)],
)
def test_the_models_decision_is_the_answer_and_rests_on_a_sentence(
    said: tuple[float, ...], answer: Answer
) -> None:
    reader = ScriptedReader({"": said}, Head.DECISION, Head.VERDICT)
    decision = decide_by(QUESTION, (WEATHER, RESULT), lambda: reader)
    assert decision == Decision(answer=answer, quote=RESULT.quote)


def test_a_model_that_was_not_taught_to_decide_judges_the_question_as_a_claim() -> None:
    reader = ScriptedReader({"lowered": (0.95, 0.02, 0.03)})
    assert decide_by(QUESTION, (RESULT,), lambda: reader) == Decision(answer=Answer.YES, quote=RESULT.quote)
    reader = ScriptedReader({"lowered": (0.02, 0.95, 0.03)})
    assert decide_by(QUESTION, (RESULT,), lambda: reader).answer is Answer.NO


def test_without_the_model_a_denial_is_still_a_no() -> None:
    denied = quote("Bexapril did not lower the rate of stroke.")
    assert decide_by(QUESTION, (denied,), lambda: None) == Decision(answer=Answer.NO, quote=denied.quote)
    assert decide_by(QUESTION, (WEATHER,), lambda: None).answer is Answer.MAYBE


def test_a_retracted_work_decides_nothing() -> None:
    retracted = quote(RESULT.quote, retraction=Retraction.RETRACTED)
    assert decide_by(QUESTION, (retracted,), lambda: None) == Decision(answer=Answer.MAYBE, quote="")
