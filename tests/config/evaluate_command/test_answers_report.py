"""The report of whole answers, from figures as the suite gives them."""

import re

from clinical.answers.domain import Answer, Finished, Receipt, Status
from clinical.evaluation.data.patient_questions import PatientQuestion, QuestionKind
from clinical.evaluation.metrics.spending import Spent
from clinical.evaluation.suites.answers import compare_drafts, evaluate_answers, spending_figures
from config.evaluate_command.answers_report import report_html
from config.evaluate_command.suite import described
from tests.clinical.evaluation.answers.test_answers import ANSWERED, SOURCE


def figures_of(dropped, model_id, tmp_path):
    """One question of each kind; as many drafts dropped as named beside the one that was quoted."""
    answers = {
        "answerable-1": ANSWERED,
        "unanswerable-1": Answer(status=Status.NOT_ENOUGH_EVIDENCE, message="", dropped_claims=dropped),
    }

    def ask(question):
        receipt = Receipt(id="r", salt="", commitment="")
        return [Finished(answer=answers[question.id], receipt=receipt)]

    questions = [
        PatientQuestion(
            id=name, patient="p", question=f"<b>{name}</b>?", kind=QuestionKind(name.split("-")[0])
        )
        for name in answers
    ]
    figures, asked = evaluate_answers(questions, ask, lambda _: SOURCE)
    data = tmp_path / "<questions>.jsonl"
    data.write_text("{}")
    spending = spending_figures(Spent(tokens_in=1200, tokens_out=34, busy_seconds=2.5), 2, 0.125)
    named = {"model_id": model_id, "guided": True}
    return {"mode": "thorough", **described(data), **named, **figures, **spending}, asked


def test_one_model_has_its_figures_and_no_verdict(tmp_path):
    html = report_html(figures_of(1, "cardio-8b", tmp_path)[0])
    assert "Whole answers: A: cardio-8b" in html
    assert "Verdict" not in html
    assert re.search(r"Tokens read</th><td>1,200</td>", html)
    assert re.search(r"Cost at the price named</th><td>0.1250</td>", html)
    assert "&lt;questions&gt;.jsonl, 2 questions" in html
    assert "<b>" not in html


def test_two_models_are_compared_with_intervals_and_drawn(tmp_path):
    first, own = figures_of(0, "cardio-8b", tmp_path)
    second, others = figures_of(3, "general-8b", tmp_path)
    html = report_html({**first, "against": second, "comparison": compare_drafts(own, others)})
    assert "A: cardio-8b against B: general-8b" in html
    assert "no comparison" in html  # A wrote no draft at all
    assert html.count("<svg") == 2
    assert "B: Answered, of the answerable" in html


def test_what_no_interval_shows_is_no_difference(tmp_path):
    first, own = figures_of(2, "cardio-8b", tmp_path)
    second, others = figures_of(3, "general-8b", tmp_path)
    comparison = compare_drafts(own, others)
    assert comparison["verdict"] == "no difference shown"
    html = report_html({**first, "against": second, "comparison": comparison})
    assert "Verdict: no difference shown." in html
    assert "95% interval of the difference 0.0% to 0.0%" in html
