"""What can be counted of a claim beside a source, for the trained model's reading to be weighed with."""

from collections.abc import Sequence

from clinical.evidence.checking.rules import RULES, negation, opposites
from clinical.evidence.checking.rules.content import content_stems, coverage
from clinical.evidence.checking.rules.directions import meetings
from clinical.evidence.checking.rules.findings import read_findings
from clinical.evidence.checking.rules.names import missing_names
from clinical.evidence.checking.rules.quantity.reading import read_quantities
from clinical.evidence.domain import Passage

SIGNS = len(RULES) + 20


def signs(claim: str, passages: Sequence[Passage], likeliest: int) -> list[float]:
    """Return SIGNS numbers on the claim and the passages of one source, of which one speaks most for or against it.

    On that one: each rule that objects, and whether one finds a contradiction. On shared words: the share (0 to 1) of
    the claim's letters that the source, its title, the likeliest passage with the title, and that passage hold. On
    size: content words, names that the source lacks, numbers. Then what all passages say of the claim's directions.
    """
    passage = passages[likeliest]
    found = [rule(claim, passage) for rule in RULES.values()]
    said, title, sentence = map(content_stems, (claim, passage.source.title, passage.quote))
    places = (title | content_stems(passage.source.text), title, sentence | title, sentence)
    return [
        *(float(objection is not None) for objection in found),
        float(any(objection is not None and objection.contradicts for objection in found)),
        *(_share(said, place) for place in places),
        float(len(said)),
        float(len(missing_names(claim, passage.source))),
        float(len(read_quantities(claim))),
        *_directions(claim, passages, likeliest),
    ]


def _directions(claim: str, passages: Sequence[Passage], likeliest: int) -> list[float]:
    """Return how far the passages agree with the claim's directions or deny it, each weighed by what it covers."""
    covered = [coverage(claim, each.quote) for each in passages]
    agreed, opposed = zip(*(_agreement(claim, each.quote) for each in passages), strict=True)
    denied = [float(negation.objects(claim, each) is not None) for each in passages]
    turned = [float(opposites.objects(claim, each) is not None) for each in passages]
    agreeing, opposing, denying, turning = (
        [share * (value > 0) for share, value in zip(covered, values, strict=True)]
        for values in (agreed, opposed, denied, turned)
    )
    return [
        *(max(agreed), max(opposed), max(agreeing), max(opposing), sum(agreeing), sum(opposing)),
        *(agreed[likeliest], opposed[likeliest], max(denying), sum(denying), max(turning)),
        float(bool(read_findings(claim))),
    ]


def _agreement(claim: str, quote: str) -> tuple[float, float]:
    """Return the most words that a finding of the claim shares with one of the quote that agrees, and that opposes."""
    met = list(meetings(claim, quote))
    agreed = max((each.shared for each in met if each.is_agreed), default=0)
    opposed = max((each.shared for each in met if each.is_opposed), default=0)
    return float(agreed), float(opposed)


def _share(said: frozenset[str], held: frozenset[str]) -> float:
    """Return how much of the words is held; a longer word is a rarer one, and counts by its letters."""
    letters = sum(map(len, said))
    return sum(map(len, said & held)) / letters if letters else 0.0
