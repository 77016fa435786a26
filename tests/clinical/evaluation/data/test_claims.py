"""Claims and the abstracts that they cite, in this project's form and in SciFact's own."""

from pathlib import Path

import pytest

from clinical.evaluation.data.claims import Rationale, read_abstracts, read_claims
from clinical.evaluation.errors import DataEmpty, DataInvalid
from tests.clinical.evaluation.folders import write_lines

OURS = (
    {"_id": "1", "claim": "A.", "cited": ["10"], "evidence": []},
    {
        "_id": "2",
        "claim": "B.",
        "cited": ["10", "11"],
        "evidence": [
            {"doc_id": "10", "label": "SUPPORT", "sentences": [0, 2]},
            {"doc_id": "11", "label": "SUPPORT", "sentences": [1]},
        ],
    },
    {
        "_id": "3",
        "claim": "C.",
        "cited": ["11"],
        "evidence": [{"doc_id": "11", "label": "CONTRADICT", "sentences": [3]}],
    },
)
SCIFACT = (
    {"id": 1, "claim": "A.", "evidence": {}, "cited_doc_ids": [10]},
    {
        "id": 2,
        "claim": "B.",
        "evidence": {
            "10": [{"sentences": [0, 2], "label": "SUPPORT"}],
            "11": [{"sentences": [1], "label": "SUPPORT"}],
        },
        "cited_doc_ids": [10, 11],
    },
    {
        "id": 3,
        "claim": "C.",
        "evidence": {"11": [{"sentences": [3], "label": "CONTRADICT"}]},
        "cited_doc_ids": [11],
    },
)


def claim_with(tmp_path: Path, **changes: object) -> Path:
    return write_lines(tmp_path / "claims.jsonl", [OURS[1] | changes])


def test_both_forms_say_the_same(tmp_path: Path) -> None:
    ours = read_claims(write_lines(tmp_path / "ours.jsonl", OURS))
    assert ours == read_claims(write_lines(tmp_path / "scifact.jsonl", SCIFACT))
    assert [claim.label for claim in ours] == ["not_enough", "supported", "contradicted"]
    assert ours[1].cited == ("10", "11")
    assert ours[1].rationales[0] == Rationale("10", "supported", frozenset({0, 2}))


def test_other_spellings_of_a_label_are_known(tmp_path: Path) -> None:
    evidence = {
        "1": {"label": "refutes", "sentences": [0]},
        "2": [{"label": "NOT_ENOUGH_INFO", "sentences": [0]}],
    }
    claim = read_claims(claim_with(tmp_path, evidence=evidence))[0]
    assert claim.label == "contradicted"
    assert len(claim.rationales) == 1


def test_where_documents_differ_most_rationales_decide_then_the_first(tmp_path: Path) -> None:
    one, other = ({"doc_id": "1", "label": label, "sentences": [0]} for label in ("CONTRADICT", "SUPPORT"))
    assert read_claims(claim_with(tmp_path, evidence=[one, other, other]))[0].label == "supported"
    assert read_claims(claim_with(tmp_path, evidence=[one, other]))[0].label == "contradicted"


def test_documents_with_evidence_are_cited_even_where_the_list_lacks_them(tmp_path: Path) -> None:
    claim = read_claims(claim_with(tmp_path, cited=None))[0]
    assert claim.cited == ("10", "11")


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"claim": ""}, "claim is missing"),
        ({"_id": None}, "_id or id is missing"),
        ({"cited": "10"}, "no list of texts"),
        ({"evidence": None}, "evidence is missing"),
        ({"evidence": ["10"]}, "an entry of evidence"),
        ({"evidence": [{"label": "SUPPORT", "sentences": []}]}, "an entry of evidence"),
        ({"evidence": [{"doc_id": "1", "label": "PERHAPS", "sentences": []}]}, "a label is neither"),
        ({"evidence": [{"doc_id": "1", "label": "SUPPORT", "sentences": ["x"]}]}, "no list of positions"),
        ({"evidence": {"1": ["x"]}}, "an entry of evidence"),
    ],
)
def test_a_claim_of_another_form_is_told(tmp_path: Path, changes: dict[str, object], told: str) -> None:
    with pytest.raises(DataInvalid, match=f"line 1: .*{told}"):
        read_claims(claim_with(tmp_path, **changes))


def test_a_file_without_claims_is_told(tmp_path: Path) -> None:
    with pytest.raises(DataEmpty, match="no claim"):
        read_claims(write_lines(tmp_path / "claims.jsonl", []))


def test_only_the_cited_abstracts_are_kept_with_the_sentences_that_the_corpus_gives(tmp_path: Path) -> None:
    rows = [
        {"_id": "10", "title": "T", "text": "One. Two.", "sentences": ["One.", "Two."]},
        {"doc_id": 11, "title": "U", "abstract": ["Three.", "Four."], "structured": False},
        {"_id": "12", "title": "", "text": "Mean age was 60 vs. 61 years. The groups were alike."},
        {"_id": "13", "title": "not cited", "text": "Five."},
    ]
    found = read_abstracts(write_lines(tmp_path / "corpus.jsonl", rows), {"10", "11", "12"})
    assert set(found) == {"10", "11", "12"}
    assert found["10"].sentences == ("One.", "Two.")
    assert found["11"].sentences == ("Three.", "Four.")
    assert found["12"].sentences == ("Mean age was 60 vs. 61 years.", "The groups were alike.")
    assert [found[each].is_given for each in ("10", "11", "12")] == [True, True, False]


def test_a_corpus_of_other_documents_is_told(tmp_path: Path) -> None:
    file = write_lines(tmp_path / "corpus.jsonl", [{"_id": "99", "text": "One."}])
    with pytest.raises(DataEmpty, match="none of the documents"):
        read_abstracts(file, {"10"})


def test_a_cited_document_without_text_is_told(tmp_path: Path) -> None:
    file = write_lines(tmp_path / "corpus.jsonl", [{"_id": "10", "title": "T"}])
    with pytest.raises(DataInvalid, match="text is missing"):
        read_abstracts(file, {"10"})
