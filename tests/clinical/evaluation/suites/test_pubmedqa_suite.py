"""The PubMedQA suite over a search and a decision that are scripted."""

from collections.abc import Sequence

from clinical.evaluation.data.questions import Question
from clinical.evaluation.suites.pubmedqa import evaluate_pubmedqa, source_id, source_of
from clinical.evidence.checking.domain import Answer, Decision
from clinical.evidence.domain import Passage, Source


def question(number: int, answer: str, result: str) -> Question:
    return Question(
        id=str(number),
        text=f"Question {number}?",
        answer=answer,
        sections=(
            ("RESULTS", f"The result of the trial was {result}."),
            ("", "The groups were well balanced."),
        ),
    )


QUESTIONS = (question(1, "yes", "good"), question(2, "no", "bad"), question(3, "yes", "good"))
SOURCES = {each.id: source_of(each) for each in QUESTIONS}


def decide(text: str, passages: Sequence[Passage]) -> Decision:
    good = any("good" in passage.quote for passage in passages)
    return Decision(answer=Answer.YES if good else Answer.NO, quote="")


def test_the_first_abstract_decides_and_the_rank_of_the_own_one_is_told() -> None:
    ranked = {"1": ["1", "2"], "2": ["3", "2"], "3": ["1"]}
    found = evaluate_pubmedqa(QUESTIONS, lambda asked: [SOURCES[each] for each in ranked[asked.id]], decide)
    assert found["accuracy"] == 2 / 3
    assert found["retrieved_own_abstract_at_1"] == 1 / 3
    assert found["retrieved_own_abstract_at_5"] == 2 / 3
    assert found["majority"] == 2 / 3
    assert found["confusion"]["no"] == {"yes": 1, "no": 0, "maybe": 0}


def test_more_abstracts_may_decide_together() -> None:
    found = evaluate_pubmedqa(
        QUESTIONS[:1], lambda asked: [SOURCES["2"], SOURCES["1"]], decide, read_sources=2
    )
    assert found["accuracy"] == 1.0


def test_nothing_found_still_counts() -> None:
    found = evaluate_pubmedqa(QUESTIONS, lambda asked: [], decide)
    assert found["questions"] == 3
    assert found["accuracy"] == 1 / 3
    assert found["retrieved_own_abstract_at_5"] == 0.0


def test_a_source_has_the_sections_as_pubmed_writes_them_and_no_title() -> None:
    source: Source = source_of(QUESTIONS[0])
    assert source.id == source_id(QUESTIONS[0])
    assert source.text == "RESULTS: The result of the trial was good.\nThe groups were well balanced."
    assert source.title == ""
