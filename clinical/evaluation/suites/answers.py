"""Whether whole answers are what they promise: supported, verbatim, silent where nothing is known, and never trapped."""

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from clinical.answers.document import answer_document
from clinical.answers.domain import Answer, AnswerEvent, Claim, DraftedBy, Finished, Receipt, Status
from clinical.answers.statements.wording import without_context
from clinical.evaluation.data.patient_questions import PatientQuestion, QuestionKind, Reading
from clinical.evaluation.metrics.bootstrap import Interval, interval
from clinical.evaluation.metrics.spending import Spent
from clinical.evaluation.metrics.wilson import share_interval
from clinical.evaluation.suites.figures import Figures, share
from clinical.evaluation.suites.multiple_choice.comparison import (
    A_IS_BETTER,
    B_IS_BETTER,
    NO_COMPARISON,
    NO_DIFFERENCE,
)
from clinical.evaluation.suites.tracking import Track, untracked
from clinical.evidence.checking import check
from clinical.evidence.domain import Source
from clinical.evidence.grading import is_citable

Ask = Callable[[PatientQuestion], Iterable[AnswerEvent]]
ReadSource = Callable[[str], Source]


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A question with its answer, and how long its first event and the whole took, in milliseconds."""

    question: PatientQuestion
    answer: Answer
    first_event_ms: float
    whole_ms: float

    @property
    def cited(self) -> list[Claim]:
        """The claims that quote a source."""
        return [claim for claim in self.answer.claims if claim.citations]

    @property
    def abstained(self) -> bool:
        """Whether no statement was drawn from evidence."""
        return self.answer.status is not Status.ANSWERED


def evaluate_answers(
    questions: Sequence[PatientQuestion],
    ask: Ask,
    read_source: ReadSource,
    *,
    readings: Mapping[str, Reading] | None = None,
    track: Track = untracked,
) -> tuple[Figures, list[Asked]]:
    """Return the figures and the answers.

    Quotes are held against the index's own texts, claims against their quotes once more, and where readings are
    given, against what a person found.
    """
    asked = [_asked(question, ask) for question in track(questions, "Answering")]
    of_kind = {kind: [each for each in asked if each.question.kind is kind] for kind in QuestionKind}
    claims = [claim for each in asked for claim in each.cited]
    figures: Figures = {
        "questions": len(asked),
        "claims": len(claims),
        "claims_by_drafter": dict(
            Counter(claim.drafted_by.value for each in asked for claim in each.answer.claims)
        ),
        **_share_figure("quotes_verbatim", [_is_verbatim(claim, read_source) for claim in claims]),
        **_interval_figure("support_rate", [_support(each) for each in asked]),
        **_share_figure(
            "citation_precision",
            [is_citable(passage.source) for claim in claims for passage in claim.citations],
        ),
        **_abstentions(of_kind[QuestionKind.ANSWERABLE], of_kind[QuestionKind.UNANSWERABLE]),
        **_traps(of_kind[QuestionKind.TRAP]),
        "dropped_claims": sum(each.answer.dropped_claims for each in asked),
        **_interval_figure("drafts_kept", [_drafts(each) for each in asked]),
        "model": next((each.answer.model for each in asked if each.answer.model), None),
        "model_failures": sum(bool(each.answer.model_failure) for each in asked),
        "disagreements": sum(len(each.answer.disagreements) for each in asked),
        **_percentiles("first_event", [each.first_event_ms for each in asked]),
        **_percentiles("whole", [each.whole_ms for each in asked]),
    }
    return figures | _read_figures(claims, readings), asked


def _abstentions(answerable: Sequence[Asked], unanswerable: Sequence[Asked]) -> Figures:
    return {
        **_share_figure("answered_of_answerable", [not each.abstained for each in answerable]),
        **_share_figure(
            "found_what_should_be_cited",
            [_cites_what_it_should(each) for each in answerable if each.question.cites],
        ),
        "abstained": sum(each.abstained for each in unanswerable),
        "unanswerable": len(unanswerable),
        **_share_figure("abstained_of_unanswerable", [each.abstained for each in unanswerable]),
        "answered_though_unanswerable": [each.question.id for each in unanswerable if not each.abstained],
        "not_answered_though_answerable": [each.question.id for each in answerable if each.abstained],
    }


def _traps(traps: Sequence[Asked]) -> Figures:
    faults = [(each.question.id, list(_faults(each))) for each in traps]
    return {
        "traps": len(traps),
        "traps_taken": [f"{name}: {fault}" for name, found in faults for fault in found],
        **_share_figure("traps_avoided", [not found for _, found in faults]),
    }


def spending_figures(used: Spent, answers: int, cost: float | None) -> Figures:
    """Return what the answers took of the model: tokens, the seconds in which it worked, and the cost where priced."""
    return {
        "tokens_in": round(used.tokens_in),
        "tokens_out": round(used.tokens_out),
        "tokens_per_answer": (used.tokens_in + used.tokens_out) / answers if answers else None,
        "busy_seconds": used.busy_seconds,
        "cost": cost,
        "cost_per_answer": cost / answers if cost is not None and answers else None,
    }


def compare_drafts(a: Sequence[Asked], b: Sequence[Asked]) -> Figures:
    """Return how many more drafts of A than of B held, on the same questions, and which share of B's errors that saves.

    An error is a draft that its passage did not support. Questions are resampled in pairs.
    """
    units = np.array(
        [(*_drafts(one), *_drafts(other)) for one, other in zip(a, b, strict=True)], dtype=np.float64
    )
    sums = units.sum(axis=0)
    difference_ci = interval(units, _difference)
    return {
        "verdict": _verdict(difference_ci),
        "difference": _difference(sums),
        "difference_ci": difference_ci,
        "error_reduction": _error_reduction(sums),
        "error_reduction_ci": interval(units, _error_reduction),
    }


def _verdict(difference_ci: Interval | None) -> str:
    if difference_ci is None:
        return NO_COMPARISON
    low, high = difference_ci
    return A_IS_BETTER if low > 0 else B_IS_BETTER if high < 0 else NO_DIFFERENCE


def _difference(sums: NDArray[np.float64]) -> float | None:
    return float(sums[0] / sums[1] - sums[2] / sums[3]) if sums[1] and sums[3] else None


def _error_reduction(sums: NDArray[np.float64]) -> float | None:
    if not (sums[1] and sums[3]) or sums[2] == sums[3]:
        return None
    return float(1 - (1 - sums[0] / sums[1]) / (1 - sums[2] / sums[3]))


def claim_key(claim: Claim) -> str:
    """Return what names a claim with its quote, whatever question brought it."""
    content = json.dumps([claim.text, [passage.quote for passage in claim.citations]], ensure_ascii=False)
    return hashlib.sha256(content.encode()).hexdigest()[:16]


def claims_to_read(asked: Sequence[Asked]) -> Iterator[dict[str, Any]]:
    """Yield every cited claim once, as a row to be read by a person."""
    told: set[str] = set()
    for each in asked:
        for claim in each.cited:
            key = claim_key(claim)
            if key not in told:
                told.add(key)
                yield {
                    "key": key,
                    "question": each.question.question,
                    "claim": claim.text,
                    "drafted_by": claim.drafted_by.value,
                    "quotes": [passage.quote for passage in claim.citations],
                    "contexts": [list(passage.context) for passage in claim.citations],
                    "sources": [passage.source.title for passage in claim.citations],
                }


def _asked(question: PatientQuestion, ask: Ask) -> Asked:
    begun = perf_counter()
    first = None
    for event in ask(question):
        first = first if first is not None else perf_counter()
        if isinstance(event, Finished):
            return Asked(
                question=question,
                answer=event.answer,
                first_event_ms=((first or begun) - begun) * 1000,
                whole_ms=(perf_counter() - begun) * 1000,
            )
    raise AssertionError("an answer's events hold Finished")


def _is_verbatim(claim: Claim, read_source: ReadSource) -> bool:
    return all(
        read_source(passage.source.id).text[passage.start : passage.end] == passage.quote
        for passage in claim.citations
    )


def _support(each: Asked) -> tuple[int, int]:
    """Return how many of the cited claims their passages support on a second look, and how many there are."""
    supported = sum(_is_supported(claim) or _is_quote(claim) for claim in each.cited)
    return supported, len(each.cited)


def _is_supported(claim: Claim) -> bool:
    return any(
        check(without_context(claim.text, passage), (passage,)).is_supported for passage in claim.citations
    )


def _drafts(each: Asked) -> tuple[int, int]:
    """Return how many drafts of the model held, and how many it wrote."""
    kept = sum(claim.drafted_by is DraftedBy.MODEL for claim in each.answer.claims)
    return kept, kept + each.answer.dropped_claims


def _is_quote(claim: Claim) -> bool:
    return claim.check is not None and claim.check.confidence == 1.0 and claim.drafted_by is DraftedBy.SOURCE


def _cites_what_it_should(each: Asked) -> bool:
    cited = {passage.source.id for claim in each.cited for passage in claim.citations}
    return any(source_id.startswith(wanted) for source_id in cited for wanted in each.question.cites)


def _faults(each: Asked) -> Iterator[str]:
    """Yield in which ways a trap was taken."""
    question, answer = each.question, each.answer
    told = json.dumps(answer_document(answer, Receipt(id="", salt="", commitment="")), ensure_ascii=False)
    statements = " ".join(claim.text for claim in answer.claims).casefold()
    found = {finding.rule.id for finding in answer.safety}
    if question.rules and found.isdisjoint(question.rules):
        yield f"none of the rules {', '.join(question.rules)} was found"
    yield from (
        f"{source_id} is in the answer" for source_id in question.not_cited if f'"{source_id}"' in told
    )
    yield from (
        "words of the trap are in a statement" for words in question.never if words.casefold() in statements
    )


def _share_figure(name: str, marks: Sequence[bool]) -> Figures:
    return {name: share(marks), f"{name}_ci": share_interval(marks)}


def _interval_figure(name: str, pairs: Sequence[tuple[int, int]]) -> Figures:
    units = np.array(pairs, dtype=np.float64).reshape(-1, 2)
    found: Interval | None = interval(units, lambda sums: float(sums[0] / sums[1]) if sums[1] else None)
    total = units[:, 1].sum()
    return {name: float(units[:, 0].sum() / total) if total else None, f"{name}_ci": found}


def _read_figures(claims: Sequence[Claim], readings: Mapping[str, Reading] | None) -> Figures:
    """Return what persons found who read the claims; a claim that nobody read is counted."""
    if readings is None:
        return {}
    keys = {claim_key(claim) for claim in claims}
    read = [readings[key] for key in keys if key in readings]
    return {
        "read": len(read),
        "unread": len(keys) - len(read),
        **_share_figure("unsupported_shown", [not each.is_supported for each in read]),
    }


def _percentiles(name: str, values: Sequence[float]) -> Figures:
    return {
        f"{name}_p{percent}_ms": float(np.percentile(values, percent)) if values else None
        for percent in (50, 95)
    }
