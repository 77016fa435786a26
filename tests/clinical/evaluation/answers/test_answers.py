"""The suite of whole answers, on answers from a script, and its hundred questions."""

from collections import Counter
from pathlib import Path

import pytest

from clinical.answers.domain import Answer, Finished, Receipt, ReceiptIssued, Status
from clinical.answers.statements.checking import quoted_claim
from clinical.evaluation.data.patient_questions import (
    PatientQuestion,
    QuestionKind,
    Reading,
    read_patient_questions,
    read_readings,
)
from clinical.evaluation.errors import DataInvalid
from clinical.evaluation.suites.answers import claim_key, claims_to_read, evaluate_answers
from clinical.evidence.domain import Passage
from ehr_integration.sandbox import patient_ids
from tests.clinical.evidence.corpus import make_article

HERE = Path(__file__).parent
SOURCE = make_article("RESULTS: Bexapril lowered the rate of stroke.", id="pmid:1")
PASSAGE = Passage(source=SOURCE, start=9, end=len(SOURCE.text))
ANSWERED = Answer(status=Status.ANSWERED, message="", claims=(quoted_claim(PASSAGE),), sources=(SOURCE,))
SILENT = Answer(status=Status.NOT_ENOUGH_EVIDENCE, message="")


def question(name, kind, **more):
    return PatientQuestion(id=name, patient="p", question=f"{name}?", kind=QuestionKind(kind), **more)


def evaluated(*pairs, **more):
    answers = {each.id: answer for each, answer in pairs}

    def ask(asked):
        receipt = Receipt(id="r", salt="", commitment="")
        return iter([Finished(answer=answers[asked.id], receipt=receipt), ReceiptIssued(receipt=receipt)])

    return evaluate_answers([each for each, _ in pairs], ask, lambda _: SOURCE, **more)


def test_answers_silence_and_traps_are_counted():
    figures, _ = evaluated(
        (question("a1", "answerable", cites=("pmid:1",)), ANSWERED),
        (question("a2", "answerable"), SILENT),
        (question("u1", "unanswerable"), SILENT),
        (question("u2", "unanswerable"), ANSWERED),
        (question("t1", "trap", not_cited=("pmid:1",)), ANSWERED),
        (question("t2", "trap", rules=("interaction-warfarin-nsaid",)), SILENT),
        (question("t3", "trap", never=("lowered the rate",)), ANSWERED),
        (question("t4", "trap", never=("morphine",)), ANSWERED),
    )
    assert figures["answered_of_answerable"] == 0.5
    assert figures["found_what_should_be_cited"] == 1
    assert (figures["abstained"], figures["unanswerable"]) == (1, 2)
    assert figures["answered_though_unanswerable"] == ["u2"]
    assert [taken.split(":")[0] for taken in figures["traps_taken"]] == ["t1", "t2", "t3"]
    assert figures["quotes_verbatim"] == figures["support_rate"] == 1


def test_a_quote_that_is_not_in_its_source_is_found():
    moved = Passage(
        source=make_article("Other words stand here now, and no more.", id="pmid:1"), start=0, end=11
    )
    answer = Answer(status=Status.ANSWERED, message="", claims=(quoted_claim(moved),))
    figures, _ = evaluated((question("a", "answerable"), answer))
    assert figures["quotes_verbatim"] == 0


def test_what_persons_read_is_counted_and_what_nobody_read_is_told():
    key = claim_key(ANSWERED.claims[0])
    pair = (question("a", "answerable"), ANSWERED)
    figures, asked = evaluated(pair, readings={key: Reading(is_supported=False, remark="")})
    assert (figures["read"], figures["unread"], figures["unsupported_shown"]) == (1, 0, 1.0)
    assert evaluated(pair, readings={})[0]["unread"] == 1
    assert [row["key"] for row in claims_to_read(asked)] == [key]


@pytest.mark.parametrize(
    "line", ['{"id": "1", "patient": "p", "question": "q", "kind": "odd"}', '{"id": "1"}', "[]"]
)
def test_a_row_of_another_form_is_named(tmp_path, line):
    file = tmp_path / "questions.jsonl"
    file.write_text(line)
    with pytest.raises(DataInvalid, match="line 1"):
        read_patient_questions(file)


def test_the_hundred_questions_are_what_they_should_be():
    questions = read_patient_questions(HERE / "questions.jsonl")
    kinds = Counter(each.kind for each in questions)
    assert kinds == {QuestionKind.ANSWERABLE: 70, QuestionKind.UNANSWERABLE: 20, QuestionKind.TRAP: 10}
    assert {each.patient for each in questions} == set(patient_ids())
    assert len({each.question for each in questions}) == len({each.id for each in questions}) == 100
    assert {each.trap for each in questions} >= {"allergy", "retracted", "injection"}


def test_hardly_any_statement_that_was_read_lacks_support():
    readings = read_readings(HERE / "readings.jsonl").values()
    assert len(readings) > 250
    assert sum(not each.is_supported for each in readings) / len(readings) < 0.02
