"""The verification suite over a checker whose verdicts are scripted."""

from collections.abc import Mapping, Sequence

import pytest

from clinical.evaluation.data.claims import Abstract, Claim, Rationale
from clinical.evaluation.suites.checkers import Checked, Checker
from clinical.evaluation.suites.leaning import Leaning, leaning_of
from clinical.evaluation.suites.verification import evaluate_verification
from clinical.evidence.checking.domain import Check, Reason, Verdict
from clinical.evidence.domain import Passage

ABSTRACTS = {
    "10": Abstract("10", "First", ("Zero.", "One is so.", "Two."), is_given=True),
    "11": Abstract("11", "Second", ("Three.", "Four."), is_given=True),
}
CLAIMS = (
    Claim("a", "claim a", ("10",), (Rationale("10", "supported", frozenset({1})),)),
    Claim("b", "claim b", ("10", "11"), (Rationale("11", "contradicted", frozenset({0})),)),
    Claim("c", "claim c", ("11",), ()),
    Claim("d", "claim d", ("10",), (Rationale("10", "supported", frozenset({0, 2})),)),
)

Script = Mapping[str, tuple[Verdict, int | None]]


def ungated(check: Check) -> Checked:
    """Return a check that leans to nothing else."""
    return Checked(check, leaning_of(check, ()))


def checker(script: Script) -> Checker:
    """Return a checker that says what is scripted, citing the passage at that place."""

    def check(claim: str, passages: Sequence[Passage]) -> Checked:
        verdict, place = script[claim]
        passage = None if place is None else passages[place]
        return ungated(
            Check(
                verdict=verdict,
                passage=passage,
                quote=passage.quote if passage else "",
                reason=Reason.RESTATED if passage else Reason.NOT_SURE,
                confidence=0.9,
            )
        )

    return check


SCRIPT: Script = {
    "claim a": (Verdict.SUPPORTED, 1),
    "claim b": (Verdict.CONTRADICTED, 3),
    "claim c": (Verdict.SUPPORTED, 0),
    "claim d": (Verdict.NOT_ENOUGH, 0),
}


def test_verdicts_are_scored_by_claim() -> None:
    found = evaluate_verification(CLAIMS, ABSTRACTS, checker(SCRIPT))
    assert found["supported_precision"] == 0.5
    assert found["supported_recall"] == 0.5
    assert found["macro_f1"] == pytest.approx((0.5 + 1.0 + 0.0) / 3)
    assert found["accuracy"] == 0.5
    assert found["confusion"]["not_enough"] == {"supported": 1, "contradicted": 0, "not_enough": 0}
    assert found["claims"] == 4
    assert found["at_gate"]["reasons"]["supported"] == {"restated": 2}
    assert found["at_gate"]["reasons"]["not_enough"] == {"restated": 1}


def test_quoted_sentences_are_scored_against_the_rationales() -> None:
    found = evaluate_verification(CLAIMS, ABSTRACTS, checker(SCRIPT))
    # Given: a1 right, b 11/0 right, c wrong; marked: 1 + 1 + 0 + 2.
    assert found["rationale_f1"] == pytest.approx(2 * 2 / (3 + 4))
    assert found["rationale_label_f1"] == pytest.approx(2 * 2 / (3 + 4))
    assert found["quote_precision"] == pytest.approx(2 / 3)
    low, high = found["rationale_f1_ci"]
    assert low <= found["rationale_f1"] <= high


def test_a_right_sentence_under_a_wrong_verdict_counts_only_without_the_label() -> None:
    found = evaluate_verification(CLAIMS[:1], ABSTRACTS, checker({"claim a": (Verdict.CONTRADICTED, 1)}))
    assert found["rationale_f1"] == 1.0
    assert found["rationale_label_f1"] == 0.0


def test_one_sentence_of_a_rationale_of_two_is_not_enough_and_a_passage_of_both_is() -> None:
    only = CLAIMS[3:]
    assert (
        evaluate_verification(only, ABSTRACTS, checker({"claim d": (Verdict.SUPPORTED, 0)}))["rationale_f1"]
        == 0
    )

    def check(claim: str, passages: Sequence[Passage]) -> Checked:
        whole = Passage(source=passages[0].source, start=0, end=passages[-1].end)
        return ungated(
            Check(
                verdict=Verdict.SUPPORTED,
                passage=whole,
                quote=whole.quote,
                reason=Reason.RESTATED,
                confidence=1.0,
            )
        )

    found = evaluate_verification(only, ABSTRACTS, check)
    assert found["rationale_f1"] == pytest.approx(2 * 2 / (3 + 2))
    assert found["quote_precision"] == 1.0


def test_the_checker_sees_every_sentence_of_the_cited_documents_verbatim() -> None:
    seen: dict[str, list[tuple[str, str]]] = {}

    def check(claim: str, passages: Sequence[Passage]) -> Checked:
        seen[claim] = [(passage.source.title, passage.quote) for passage in passages]
        return ungated(
            Check(
                verdict=Verdict.NOT_ENOUGH, passage=None, quote="", reason=Reason.NO_PASSAGE, confidence=1.0
            )
        )

    evaluate_verification(CLAIMS, ABSTRACTS, check)
    assert seen["claim b"] == [
        ("First", "Zero."),
        ("First", "One is so."),
        ("First", "Two."),
        ("Second", "Three."),
        ("Second", "Four."),
    ]


def test_what_the_checker_leans_to_counts_for_macro_f1_and_rationales_and_never_for_the_gate() -> None:
    def check(claim: str, passages: Sequence[Passage]) -> Checked:
        silent = Check(
            verdict=Verdict.NOT_ENOUGH, passage=passages[0], quote="", reason=Reason.NOT_SURE, confidence=0.6
        )
        return Checked(silent, Leaning(Verdict.SUPPORTED, tuple(passages[:3])))

    found = evaluate_verification([CLAIMS[0], CLAIMS[3]], ABSTRACTS, check)
    assert (found["macro_f1"], found["supported_recall"], found["supported_precision"]) == (1.0, 0.0, None)
    assert found["at_gate"]["macro_f1"] == 0.0
    assert found["rationale_f1"] == pytest.approx(2 * 3 / (6 + 3))
    assert found["quote_precision"] is None


def test_a_checker_that_never_supports_has_no_precision() -> None:
    silent = checker({claim.text: (Verdict.NOT_ENOUGH, None) for claim in CLAIMS})
    found = evaluate_verification(CLAIMS, ABSTRACTS, silent)
    assert (found["supported_precision"], found["supported_precision_ci"]) == (None, None)
    assert (found["supported_recall"], found["rationale_f1"], found["quote_precision"]) == (0.0, 0.0, None)


def test_sentences_that_the_corpus_did_not_give_cannot_be_scored() -> None:
    cut = {
        document: Abstract(document, each.title, each.sentences, is_given=False)
        for document, each in ABSTRACTS.items()
    }
    found = evaluate_verification(CLAIMS, cut, checker(SCRIPT))
    assert found["rationale_f1"] is None
    assert found["supported_precision"] == 0.5


def test_documents_that_the_corpus_lacks_are_counted() -> None:
    silent = checker({claim.text: (Verdict.NOT_ENOUGH, None) for claim in CLAIMS})
    found = evaluate_verification(CLAIMS, {"10": ABSTRACTS["10"]}, silent)
    assert (found["documents"], found["documents_missing"]) == (1, 1)
