"""Sources that do not say the same are shown so; which of them is right is the clinician's to judge."""

from collections.abc import Iterator, Sequence

from clinical.answers.domain import Claim, Disagreement
from clinical.answers.statements.wording import plain_text
from clinical.evidence.checking import Verdict, check
from clinical.evidence.domain import Passage


def disagreements(claims: Sequence[Claim], passages: Sequence[Passage]) -> Iterator[Disagreement]:
    """Yield each claim with the first passage of another source that contradicts it; a pair is told once."""
    told: set[frozenset[str]] = set()
    for claim in claims:
        for cited in claim.citations:
            others = [each for each in passages if each.source.id != cited.source.id]
            for other in others:
                pair = frozenset({cited.source.id, other.source.id})
                if pair in told:
                    continue
                found = check(plain_text(claim.text), (other,))
                if found.verdict is Verdict.CONTRADICTED:
                    told.add(pair)
                    yield Disagreement(statement=claim.text, cited=cited, against=found)
