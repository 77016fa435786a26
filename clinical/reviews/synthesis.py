"""Sources in, a cited synthesis out: each article's conclusion, checked, strongest evidence first."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from itertools import groupby
from typing import Any

from clinical.answers.document import claim_document, source_document
from clinical.answers.statements.checking import CheckedClaim, checked_claim
from clinical.errors import ClinicalError
from clinical.evidence.domain import Grade, Source
from clinical.evidence.services import best_conclusion
from clinical.inference.client import Engine
from clinical.inference.domain import PublicText

READ_TOGETHER = 8

HEADINGS = {
    Grade.GUIDELINE: "Guidelines",
    Grade.SYSTEMATIC_REVIEW: "Systematic reviews and meta-analyses",
    Grade.RANDOMISED_TRIAL: "Randomised trials",
    Grade.OBSERVATIONAL: "Observational and comparative studies",
    Grade.CASE_REPORT: "Case reports and case series",
    Grade.OTHER: "Other articles",
}
LIMITS = (
    "Conclusions are those of the abstracts in the loaded corpus, in the authors' words or checked against them; "
    "full texts were not read and risk of bias was not assessed."
)


class Cancelled(ClinicalError):
    """The owner cancelled the review."""


def synthesise(
    question: PublicText,
    sources: Sequence[Source],
    *,
    engine: Engine,
    deadline_seconds: float,
    on_progress: Callable[[int], bool],
) -> dict[str, Any]:
    """Return the synthesis document: sections of claims by grade, and numbered references.

    Articles are read together, because the engine writes many public drafts as fast as a few. `on_progress` is
    told how many are done, and answers whether to go on. Raises: Cancelled, EngineError.
    """

    def conclude(number: int, source: Source) -> CheckedClaim | None:
        passage = best_conclusion(question, source)
        if passage is None:
            return None
        return checked_claim(
            engine, question=question, passage=passage, number=number, deadline_seconds=deadline_seconds
        )

    claims = _together(conclude, sources, on_progress)
    concluded = [(source, claim) for source, claim in zip(sources, claims, strict=True) if claim is not None]
    without_conclusion = len(sources) - len(concluded)
    concluded.sort(key=lambda pair: (pair[0].grade, -(pair[0].year or 0)))
    return {
        "question": question,
        "summary": _summary(sources, concluded),
        "sections": [
            {"heading": HEADINGS[grade], "claims": [claim_document(checked.claim) for _, checked in pairs]}
            for grade, pairs in groupby(concluded, key=lambda pair: pair[0].grade)
        ],
        "references": [source_document(source) for source, _ in concluded],
        "articles_without_conclusion": without_conclusion,
        "dropped_claims": sum(checked.was_dropped for _, checked in concluded),
        "limits": LIMITS,
    }


def _together(
    conclude: Callable[[int, Source], CheckedClaim | None],
    sources: Sequence[Source],
    on_progress: Callable[[int], bool],
) -> list[CheckedClaim | None]:
    """Return what each source concludes, in the order of the sources."""
    if not on_progress(0):
        raise Cancelled("The review was cancelled")
    with ThreadPoolExecutor(READ_TOGETHER) as readers:
        futures = [readers.submit(conclude, number, source) for number, source in enumerate(sources, start=1)]
        try:
            for done, future in enumerate(as_completed(futures), start=1):
                future.result()
                if not on_progress(done):
                    raise Cancelled("The review was cancelled")
        finally:
            readers.shutdown(wait=False, cancel_futures=True)
    return [future.result() for future in futures]


def _summary(sources: Sequence[Source], concluded: Sequence[tuple[Source, CheckedClaim]]) -> str:
    if not concluded:
        return "Not enough evidence: no article in the loaded literature covers this question."
    years = [source.year for source, _ in concluded if source.year]
    span = f", {min(years)} to {max(years)}" if years else ""
    strong = sum(source.grade <= Grade.RANDOMISED_TRIAL for source, _ in concluded)
    return (
        f"{len(sources)} articles found, {len(concluded)} with a conclusion that bears on the question{span}; "
        f"{strong} of them from guidelines, systematic reviews or randomised trials."
    )
