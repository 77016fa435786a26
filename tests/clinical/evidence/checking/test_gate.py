"""The gate with a scripted model: the model proposes, each rule may take away, nothing else adds."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinical.evidence.checking.domain import Reason, Verdict
from clinical.evidence.checking.gate import check_claim
from clinical.evidence.checking.rules.lexicon import BETTER, DOWN, UP, WORSE
from clinical.evidence.domain import Retraction
from tests.clinical.evidence.checking.passages import ScriptedReader, quote

YES, NO, UNSURE = (0.95, 0.02, 0.03), (0.02, 0.95, 0.03), (0.5, 0.2, 0.3)
SENTENCE = "Bexapril lowered the rate of stroke by 25% in adults with hypertension."
PASSAGE = quote(SENTENCE)


def always(answer: tuple[float, float, float]) -> ScriptedReader:
    return ScriptedReader({"": answer})


def test_the_sources_own_words_need_no_model() -> None:
    reader = always(NO)
    check = check_claim(SENTENCE, (PASSAGE,), lambda: reader)
    assert (check.verdict, check.reason, check.confidence, reader.asked) == (
        Verdict.SUPPORTED,
        Reason.RESTATED,
        1,
        0,
    )


def test_other_words_are_supported_where_the_model_is_sure_and_no_rule_objects() -> None:
    check = check_claim("Bexapril reduces stroke by a quarter.", (PASSAGE,), lambda: always(YES))
    assert (check.verdict, check.reason, check.quote, check.confidence) == (
        Verdict.SUPPORTED, Reason.SAYS_SO, SENTENCE, YES[0],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("claim", "reason"),
    [
        ("Bexapril reduces stroke by a third.", Reason.NUMBERS_DIFFER),
        ("Bexapril raises the rate of stroke.", Reason.OPPOSITE_DIRECTION),
        ("Bexapril does not lower the rate of stroke.", Reason.NEGATED),
        ("Bexapril lowers the rate of stroke in children.", Reason.OTHER_POPULATION),
        ("Bexapril and apixaban lower the rate of stroke.", Reason.NAME_NOT_FOUND),
    ],
)
def test_a_sure_model_is_overruled(claim: str, reason: Reason) -> None:
    check = check_claim(claim, (PASSAGE,), lambda: always(YES))
    assert check.verdict is not Verdict.SUPPORTED
    assert check.reason is reason


def test_what_the_title_plainly_denies_is_never_supported() -> None:
    passage = quote("Treatment raised the count of something else.")
    titled = replace(passage, source=replace(passage.source, title="Bexapril lowers stroke in adults"))
    for claim, verdict in (
        ("Bexapril raises stroke in adults.", Verdict.NOT_ENOUGH),
        ("Treatment raised something.", Verdict.SUPPORTED),
    ):
        assert check_claim(claim, (titled,), lambda: always(YES)).verdict is verdict


def test_below_the_limit_nothing_is_supported() -> None:
    check = check_claim("Bexapril reduces stroke.", (PASSAGE,), lambda: always(UNSURE))
    assert (check.verdict, check.reason) == (Verdict.NOT_ENOUGH, Reason.NOT_SURE)


def test_a_sentence_that_says_otherwise_contradicts() -> None:
    check = check_claim("Bexapril is useless against stroke.", (PASSAGE,), lambda: always(NO))
    assert (check.verdict, check.reason, check.quote) == (
        Verdict.CONTRADICTED,
        Reason.SAYS_OTHERWISE,
        SENTENCE,
    )


def test_a_surer_contradiction_outweighs_support() -> None:
    passages = (
        quote("Bexapril lowered stroke in the first trial."),
        quote("Bexapril did nothing for stroke."),
    )
    reader = ScriptedReader({"first trial": YES, "did nothing": (0.01, 0.98, 0.01)})
    assert check_claim("Bexapril lowers stroke.", passages, lambda: reader).verdict is Verdict.CONTRADICTED


def test_another_sentence_may_support_where_a_rule_objects_to_the_best() -> None:
    passages = (
        quote("Bexapril may lower stroke rates."),
        quote("Stroke rates fell with bexapril, so it lowered them."),
    )
    reader = ScriptedReader({"may lower": (0.97, 0.01, 0.02), "fell with": YES})
    check = check_claim("Bexapril lowers stroke rates.", passages, lambda: reader)
    assert (check.verdict, check.quote) == (Verdict.SUPPORTED, passages[1].quote)


def test_without_the_model_only_the_sources_words_are_supported() -> None:
    assert check_claim(SENTENCE, (PASSAGE,), lambda: None).verdict is Verdict.SUPPORTED
    check = check_claim("Bexapril reduces stroke by a quarter.", (PASSAGE,), lambda: None)
    assert (check.verdict, check.reason) == (Verdict.NOT_ENOUGH, Reason.NOT_SURE)


def test_without_the_model_a_plain_contradiction_is_still_seen() -> None:
    claim = SENTENCE.replace("lowered", "raised")
    check = check_claim(claim, (PASSAGE,), lambda: None)
    assert (check.verdict, check.reason) == (Verdict.CONTRADICTED, Reason.OPPOSITE_DIRECTION)


def test_a_retracted_work_supports_nothing_not_even_its_own_words() -> None:
    retracted = quote(SENTENCE, retraction=Retraction.RETRACTED)
    check = check_claim(SENTENCE, (retracted,), lambda: always(YES))
    assert (check.verdict, check.passage, check.quote, check.reason) == (
        Verdict.NOT_ENOUGH, None, "", Reason.NO_PASSAGE,
    )  # fmt: skip
    assert check_claim(SENTENCE, (retracted, PASSAGE), lambda: None).passage == PASSAGE


@pytest.mark.parametrize("claim", ["", "   "])
def test_an_empty_claim_is_not_supported(claim: str) -> None:
    assert check_claim(claim, (PASSAGE,), lambda: always(YES)).reason is Reason.NO_PASSAGE


def test_only_the_nearest_sentences_are_read() -> None:
    far = [quote(f"Item {number} concerns the weather.") for number in range(20)]
    reader = always(UNSURE)
    check_claim("Bexapril reduces stroke.", (*far, PASSAGE), lambda: reader)
    assert reader.asked == reader.limits.sentences


def test_every_reason_has_words() -> None:
    assert all(reason.words.endswith(".") for reason in Reason)


DRUGS, OUTCOMES = ("bexapril", "corvazine", "daltoprin"), ("mortality", "stroke", "pain", "sodium", "weight")
VERBS = sorted({word for word in UP | DOWN | BETTER | WORSE if word.endswith("ed")} - {"lowed"})
SENTENCES = st.builds(
    "In {n} patients, {drug} {verb} {outcome} by {percent}% over {weeks} weeks.".format,
    n=st.integers(11, 9999),
    drug=st.sampled_from(DRUGS),
    verb=st.sampled_from(VERBS),
    outcome=st.sampled_from(OUTCOMES),
    percent=st.integers(11, 99),
    weeks=st.integers(2, 10),
)


@given(SENTENCES, st.booleans())
def test_a_sentence_supports_itself_and_the_quote_is_verbatim(sentence: str, has_model: bool) -> None:
    passage = quote(sentence)
    check = check_claim(sentence, (passage,), lambda: always(YES) if has_model else None)
    assert check.is_supported
    assert check.passage is not None
    source = check.passage.source
    assert check.quote == source.text[check.passage.start : check.passage.end] == sentence


@given(SENTENCES, st.integers(0, 2), st.integers(100, 800))
def test_a_sentence_with_another_number_is_never_supported(sentence: str, place: int, more: int) -> None:
    numbers = list(re.finditer(r"\d+", sentence))
    changed = numbers[place]
    claim = f"{sentence[: changed.start()]}{int(changed[0]) + more}{sentence[changed.end() :]}"
    assert not check_claim(claim, (quote(sentence),), lambda: always(YES)).is_supported


@given(SENTENCES, st.data())
def test_a_sentence_with_the_opposite_direction_is_never_supported(
    sentence: str, data: st.DataObject
) -> None:
    verb = next(word for word in sentence.split() if word in VERBS)
    opposites = next(
        other for one, other in ((UP, DOWN), (DOWN, UP), (BETTER, WORSE), (WORSE, BETTER)) if verb in one
    )
    opposite = data.draw(st.sampled_from(sorted(word for word in opposites if word.endswith("ed"))))
    claim = sentence.replace(f" {verb} ", f" {opposite} ")
    assert not check_claim(claim, (quote(sentence),), lambda: always(YES)).is_supported


@given(SENTENCES, st.sampled_from(["did not", "never", "has not"]))
def test_a_sentence_denied_is_never_supported(sentence: str, denial: str) -> None:
    verb = next(word for word in sentence.split() if word in VERBS)
    claim = sentence.replace(f" {verb} ", f" {denial} {verb} ")
    assert not check_claim(claim, (quote(sentence),), lambda: always(YES)).is_supported
    assert not check_claim(sentence, (quote(claim),), lambda: always(YES)).is_supported


def test_each_source_is_read_for_itself_and_the_one_that_supports_is_quoted() -> None:
    first = quote("Gout was seen in most patients on bexapril.", id="pmid:1")
    second = quote("Bexapril lowered stroke rates in the trial.", id="pmid:2")
    reader = ScriptedReader({"lowered stroke": YES})
    check = check_claim("Bexapril lowers stroke rates.", (first, second), lambda: reader)
    assert check.passage == second
    assert check.quote == second.quote


def test_no_lesser_sentence_is_taken_where_the_best_says_otherwise() -> None:
    passages = (quote("Bexapril raised stroke rates."), quote("Stroke rates and bexapril were noted."))
    reader = ScriptedReader({"raised": (0.97, 0.01, 0.02), "noted": YES})
    check = check_claim("Bexapril lowers stroke rates.", passages, lambda: reader)
    assert check.verdict is Verdict.CONTRADICTED
    assert check.quote == passages[0].quote
