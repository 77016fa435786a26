"""The gate: a claim is supported only where a sentence says so and no rule objects.

A claim in the source's own words needs no model. For any other the trained model reads the nearest sentences of each
source, and each rule can only take away what the model gave. Without the model nothing but the source's own words is
supported.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from clinical.evidence.checking.candidates import nearest
from clinical.evidence.checking.domain import Check, Reason, Verdict
from clinical.evidence.checking.reader import Judgement, OpenReader, Reader
from clinical.evidence.checking.restatement import restates
from clinical.evidence.checking.rules import objections
from clinical.evidence.checking.rules.content import coverage
from clinical.evidence.checking.rules.objection import Objection
from clinical.evidence.domain import Passage
from clinical.evidence.grading import is_citable

CERTAIN = 1.0
# How much of the claim a sentence must say for rules alone to find that it says otherwise, and how often they are
# then right (docs/claim-checking.md).
AGREES_OTHERWISE = 0.9
RULES_ARE_RIGHT = 0.9
CANDIDATES = 5
# After a sentence that says otherwise no lesser one is taken in its place.
SAYING_OTHERWISE = frozenset({Reason.OPPOSITE_DIRECTION, Reason.NEGATED, Reason.NUMBERS_DIFFER})


def speaking(passages: Sequence[Passage], how_much: Sequence[float]) -> list[Passage]:
    """Return the sentence that speaks most, and the others that speak more than they are silent, best first."""
    order = sorted(range(len(passages)), key=lambda at: -how_much[at])
    return [passages[at] for rank, at in enumerate(order) if not rank or how_much[at] > 0]


@dataclass(frozen=True)
class Reading:
    """What the trained model makes of one source by its sentences."""

    passages: Sequence[Passage]
    judgement: Judgement

    @property
    def supporting(self) -> list[Passage]:
        """The sentences that support the claim."""
        return speaking(self.passages, self.judgement.supports)

    @property
    def contradicting(self) -> list[Passage]:
        """The sentences that contradict it."""
        return speaking(self.passages, self.judgement.contradicts)


def check_claim(claim: str, passages: Sequence[Passage], open_reader: OpenReader) -> Check:
    """Return the verdict on a claim against passages; works that may not be cited are not read."""
    citable = [each for each in passages if is_citable(each.source)]
    if not citable or not claim.strip():
        return Check(
            verdict=Verdict.NOT_ENOUGH, passage=None, quote="", reason=Reason.NO_PASSAGE, confidence=CERTAIN
        )
    restated = next((each for each in citable if restates(claim, each)), None)
    if restated is not None:
        return _check(Verdict.SUPPORTED, restated, Reason.RESTATED, CERTAIN)
    reader = open_reader()
    if reader is None:
        return _by_rules(claim, nearest(claim, citable, CANDIDATES))
    return _by_readings(claim, list(_readings(claim, citable, reader)), reader)


def carried_by(claim: str, supporting: Sequence[Passage]) -> Passage | None:
    """Return the first sentence (best first) to which no rule objects.

    None where the source's title plainly says otherwise, or a sentence before it does.
    """
    if _against_title(claim, supporting[0]):
        return None
    for passage in supporting:
        found = list(objections(claim, passage))
        if not found:
            return passage
        if any(each.reason in SAYING_OTHERWISE for each in found):
            return None
    return None


def _against_title(claim: str, passage: Passage) -> Objection | None:
    """Return the objection of a title that says nearly all that the claim says, but the other way round."""
    of = passage.source
    title = replace(passage, source=replace(of, text=of.title), start=0, end=len(of.title))
    return next((each for each in objections(claim, title) if each.contradicts), None)


def _readings(claim: str, passages: Sequence[Passage], reader: Reader) -> Iterator[Reading]:
    """Yield what the model makes of each source, by the sentences of it that are nearest to the claim."""
    by_source: dict[str, list[Passage]] = {}
    for passage in passages:
        by_source.setdefault(passage.source.id, []).append(passage)
    for of_source in by_source.values():
        near = nearest(claim, of_source, reader.limits.sentences)
        yield Reading(near, reader.judge(claim, near))


def _by_readings(claim: str, readings: Sequence[Reading], reader: Reader) -> Check:
    supporting = sorted(readings, key=lambda each: -each.judgement.supported)
    supported = supporting[0].judgement.supported
    contradicting = max(readings, key=lambda each: each.judgement.contradicted)
    contradicted = contradicting.judgement.contradicted
    if contradicted >= max(reader.limits.contradicted_at, supported):
        return _check(
            Verdict.CONTRADICTED, contradicting.contradicting[0], Reason.SAYS_OTHERWISE, contradicted
        )
    above = [each for each in supporting if each.judgement.supported >= reader.limits.supported_at]
    for each in above:
        passage = carried_by(claim, each.supporting)
        if passage is not None:
            return _check(Verdict.SUPPORTED, passage, Reason.SAYS_SO, each.judgement.supported)
    best = supporting[0].supporting[0]
    plain = _plain_contradiction(claim, [best, contradicting.contradicting[0]])
    if plain is not None:
        return plain
    reason = (
        (_against_title(claim, best) or next(objections(claim, best))).reason if above else Reason.NOT_SURE
    )
    return _check(Verdict.NOT_ENOUGH, best, reason, CERTAIN - max(supported, contradicted))


def _by_rules(claim: str, candidates: Sequence[Passage]) -> Check:
    plain = _plain_contradiction(claim, candidates)
    if plain is not None:
        return plain
    first = next(objections(claim, candidates[0]), Objection(Reason.NOT_SURE))
    return _check(Verdict.NOT_ENOUGH, candidates[0], first.reason, CERTAIN - RULES_ARE_RIGHT)


def _plain_contradiction(claim: str, candidates: Sequence[Passage]) -> Check | None:
    """Return the verdict where a sentence says all that the claim says, but the other way round."""
    for passage in candidates:
        if coverage(claim, passage.quote) < AGREES_OTHERWISE:
            continue
        found = list(objections(claim, passage))
        plain = next((each for each in found if each.contradicts), None)
        if plain is not None and all(each.reason is not Reason.NOT_A_FINDING for each in found):
            return _check(Verdict.CONTRADICTED, passage, plain.reason, RULES_ARE_RIGHT)
    return None


def _check(verdict: Verdict, passage: Passage, reason: Reason, confidence: float) -> Check:
    return Check(verdict=verdict, passage=passage, quote=passage.quote, reason=reason, confidence=confidence)
