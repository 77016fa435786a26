"""The readers over the data sets that they were written for; skipped where these do not lie beside the repository."""

from collections import Counter
from pathlib import Path

import pytest

from clinical.evaluation.data.beir import read_beir
from clinical.evaluation.data.choices import read_choices
from clinical.evaluation.data.claims import read_abstracts, read_claims
from clinical.evaluation.data.medcalc import read_cases
from clinical.evaluation.data.questions import read_questions
from clinical.evaluation.data.trials import read_trials
from clinical.evaluation.medcalc.answering import from_entities
from clinical.evaluation.suites.calculators import UNEXPLAINED, evaluate_calculators
from clinical.evaluation.suites.verification import documents_of

DATA = Path(__file__).parents[3].parent / "shared" / "data"

pytestmark = pytest.mark.skipif(not DATA.exists(), reason="the labelled data does not lie in ../shared/data")


def test_scifact_as_beir_lays_it() -> None:
    assert len(read_beir(DATA / "retrieval" / "scifact").queries) == 809


def test_scifact_claims_and_the_sentences_that_they_rest_on() -> None:
    claims = read_claims(DATA / "verification" / "scifact_train.jsonl")
    abstracts = read_abstracts(DATA / "retrieval" / "scifact" / "corpus.jsonl.gz", documents_of(claims))
    assert Counter(claim.label for claim in claims) == {
        "supported": 332,
        "contradicted": 173,
        "not_enough": 304,
    }
    assert set(abstracts) == documents_of(claims)
    for claim in claims:
        for each in claim.rationales:
            assert max(each.sentences) < len(abstracts[each.document].sentences)


@pytest.mark.parametrize(("name", "rows", "articles"), [("train", 1915, 725), ("validation", 231, 90)])
def test_evidence_inference(name: str, rows: int, articles: int) -> None:
    trials = read_trials(DATA / "evidence_inference" / f"{name}.jsonl.gz")
    assert (len(trials), len({trial.article for trial in trials})) == (rows, articles)


def test_pubmedqa() -> None:
    questions = read_questions(DATA / "pubmedqa" / "dev.jsonl")
    assert Counter(question.answer for question in questions) == {"yes": 276, "no": 169, "maybe": 55}


def test_medqa_and_pubmedqa_as_multiple_choice() -> None:
    exam = read_choices(DATA / "multiple_choice" / "medqa_dev.jsonl")
    assert Counter(choice.gold for choice in exam) == {0: 49, 1: 47, 2: 55, 3: 49}
    assert Counter(choice.group for choice in exam) == {"step1": 105, "step2&3": 95}
    abstracts = read_choices(DATA / "pubmedqa" / "dev.jsonl")
    assert Counter(choice.group for choice in abstracts) == {"yes": 276, "no": 169, "maybe": 55}
    assert all(choice.context for choice in abstracts)


def test_calculators_have_the_audited_answers_and_abstain_where_nobody_knows() -> None:
    found = evaluate_calculators(read_cases(DATA / "calculators" / "medcalc_dev.jsonl.gz"), from_entities)
    assert (found["rows"], found["rows_agreed"], found["rows_na"]) == (543, 314, 39)
    assert found["audited_within_limits"] >= 0.97
    assert found["abstained_on_na"] >= 0.80
    assert not [each for each in found["differences"] if each["why"] == UNEXPLAINED]
