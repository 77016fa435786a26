"""Invented passages, each a whole source."""

from collections.abc import Sequence

from clinical.evidence.checking.pairs import Pair, claim_pair
from clinical.evidence.checking.reader import Head, Judgement, Limits
from clinical.evidence.domain import Passage
from tests.clinical.evidence.corpus import make_article


def quote(text: str, *context: str, **source: object) -> Passage:
    """Return the text as a passage that is all of its article."""
    article = make_article(text, **source)
    return Passage(source=article, start=0, end=len(text), context=context)


class ScriptedReader:
    """A model that gives each sentence the probabilities that its script names; what it does not name bears on nothing."""

    def __init__(self, script: dict[str, tuple[float, ...]], *heads: Head) -> None:
        self.script = script
        self.heads = heads or (Head.VERDICT,)
        self.limits = Limits(supported_at=0.8, contradicted_at=0.7, sentences=3)
        self.asked = 0

    def has(self, head: Head) -> bool:
        return head in self.heads

    def judge(self, claim: str, passages: Sequence[Passage]) -> Judgement:
        rows = self.probabilities(Head.VERDICT, [claim_pair(claim, each.quote) for each in passages])
        return Judgement(
            supported=max(row[0] for row in rows),
            contradicted=max(row[1] for row in rows),
            supports=[row[0] - row[2] for row in rows],
            contradicts=[row[1] - row[2] for row in rows],
        )

    def probabilities(self, head: Head, pairs: Sequence[Pair]) -> Sequence[Sequence[float]]:
        self.asked += len(pairs)
        return [
            next((said for words, said in self.script.items() if words in pair.second), (0.1, 0.1, 0.8, 0.0))
            for pair in pairs
        ]
