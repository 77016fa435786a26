"""Pairs made from unlabelled abstracts: titles and conclusions as claims, true as they stand and made false."""

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from benchmarks.checker.altering import (
    is_declarative,
    is_name,
    negated,
    renumbered,
    resubjected,
    shared_subjects,
    turned,
)
from benchmarks.checker.reading import (
    CONTRADICTED,
    NOT_ENOUGH,
    SUPPORTED,
    Abstract,
    Example,
    Rarity,
    Sentence,
)
from clinical.evidence.checking.pairs import claim_pair
from clinical.evidence.checking.rules.hedging import is_aim

_OPENING = re.compile(
    r"^(?:in conclusion|in summary|taken together|together|collectively|thus|therefore|overall|importantly|notably|"
    r"here|hence|moreover|furthermore|finally|conclusions?|in this study|as a result)[,:]?\s+|"
    r"^(?:(?:we|our|these|this|the)\s+(?:(?:present|current)\s+)?(?:results?|findings?|data|study|analysis|"
    r"observations?|work|experiments?|studies)?\s*(?:also|therefore|thus|further|clearly)?\s*"
    r"(?:suggests?|shows?|showed|indicates?|indicated|demonstrates?|demonstrated|conclude|concluded|found|reveals?|"
    r"revealed|report|confirm|confirms|propose|suggested)(?: here)?\s+that\s+)",
    re.IGNORECASE,
)
# What an abstract says of itself claims nothing.
_EMPTY = re.compile(
    r"\b(?:discussed|described?|presented|noted|explained|illustrated|reviewed|outlined|available (?:at|from|online)|supplementary|future|"
    r"warranted|further (?:research|stud)|implications)\b|@|https?:",
    re.IGNORECASE,
)
_BEFORE = tuple(
    "background objective aim purpose introduction method material design setting context importance patient".split()
)
_CONCLUDING = ("conclusion", "interpretation", "significance")
ENOUGH_COVERED = 0.45


@dataclass(frozen=True)
class Finding:
    """A claim with the sentence of its own abstract that says so, and the title it may be shown with."""

    claim: str
    evidence: Sentence
    title: str
    abstract: Abstract


def findings(abstract: Abstract, rarity: Rarity, choose: random.Random) -> Iterator[Finding]:
    """Yield what an abstract claims: its title where it is a statement, and its conclusions."""
    title = abstract.title.rstrip(". ")
    if is_declarative(title):
        evidence = _best(title, told(abstract), rarity)
        if evidence:
            yield Finding(title, evidence, "", abstract)
    for sentence in conclusions(abstract):
        claim = bare_statement(sentence.text)
        if not is_declarative(claim) or _EMPTY.search(claim):
            continue
        shown = abstract.title if choose.random() < 0.7 else ""
        others = [each for each in told(abstract) if each != sentence]
        evidence = sentence if choose.random() < 0.15 else _best(claim, others, rarity)
        if evidence:
            yield Finding(claim, evidence, shown, abstract)


def conclusions(abstract: Abstract) -> list[Sentence]:
    """Return the sentences of the labelled conclusion, two at most; else the last sentence."""
    labelled = [s for s in abstract.sentences if s.label.lower().startswith(_CONCLUDING)]
    return (labelled or list(abstract.sentences[-1:]))[:2]


def bare_statement(text: str) -> str:
    """Return a conclusion as a bare statement: without "We conclude that"."""
    for _ in range(2):
        text = _OPENING.sub("", text)
    return (text[:1].upper() + text[1:]).rstrip(". ")


def told(abstract: Abstract) -> list[Sentence]:
    """Return the sentences that say what was found: no aim, background or method, not the first third unlabelled."""
    labelled = any(each.label for each in abstract.sentences)
    start = 0 if labelled else len(abstract.sentences) // 3
    return [each for each in abstract.sentences[start:] if not _is_untold(each)]


def _is_untold(sentence: Sentence) -> bool:
    opening = sentence.label or sentence.text.split(" ", 1)[0].rstrip(":")
    is_before = opening.lower().startswith(_BEFORE) if sentence.label or opening.isupper() else False
    return is_before or is_aim(sentence.text)


def _best(claim: str, sentences: Sequence[Sentence], rarity: Rarity) -> Sentence | None:
    scored = [(rarity.coverage(claim, s.text), place, s) for place, s in enumerate(sentences)]
    best = max(scored, default=None, key=lambda item: item[:2])
    return best[2] if best and best[0] >= ENOUGH_COVERED else None


class Maker:
    """Makes examples of the verdict task from findings."""

    def __init__(self, rarity: Rarity, choose: random.Random) -> None:
        """Collect the names that can stand for one another."""
        self._rarity, self._choose = rarity, choose
        words = {w.strip("(),.;") for a in rarity.abstracts[:6000] for w in a.title.split()}
        self._names = sorted(word for word in words if is_name(word))

    def examples(self, finding: Finding) -> Iterator[Example]:
        """Yield the finding as it stands, made false, and beside what does not bear on it."""
        yield self._example(finding.claim, finding, finding.evidence, SUPPORTED)
        yield from self._contradicted(finding)
        yield from self._unrelated(finding)
        if subjects := shared_subjects(finding.claim, finding.evidence.text):
            other = resubjected(finding.claim, self._choose.choice(subjects), self._names, self._choose)
            yield self._example(other, finding, finding.evidence, NOT_ENOUGH)

    def _contradicted(self, finding: Finding) -> Iterator[Example]:
        claim, evidence = finding.claim, finding.evidence
        number = renumbered(claim, self._choose)
        if number and self._choose.random() < 0.5 and finding.title:
            yield self._example(number, finding, evidence, CONTRADICTED)
        false = self._false(claim)
        if false:
            yield self._example(false, finding, evidence, CONTRADICTED)
        other_way = self._false(evidence.text)
        if other_way and self._choose.random() < 0.5:
            turned_evidence = Sentence(other_way, evidence.label)
            yield self._example(claim, finding, turned_evidence, CONTRADICTED)
            both = self._false(claim)
            if both and self._same_change(claim, both, evidence.text, other_way):
                yield self._example(both, finding, turned_evidence, SUPPORTED)

    @staticmethod
    def _same_change(claim: str, changed: str, evidence: str, turned_evidence: str) -> bool:
        """Return whether the two texts lost and gained the same words, so that they still agree."""
        lost = set(claim.lower().split()) - set(changed.lower().split())
        gained = set(turned_evidence.lower().split()) - set(evidence.lower().split())
        return bool(lost) and lost <= set(evidence.lower().split()) and gained <= set(changed.lower().split())

    def _false(self, text: str) -> str | None:
        first, second = turned(text, self._choose), negated(text)
        return second if second and (not first or self._choose.random() < 0.4) else first

    def _unrelated(self, finding: Finding) -> Iterator[Example]:
        claim = finding.claim
        if self._choose.random() < 0.4:
            claim = self._false(claim) or claim
        own = [s for s in finding.abstract.sentences if s != finding.evidence]
        weak = [s for s in own if self._rarity.coverage(finding.claim, s.text) < 0.3]
        if weak:
            yield self._example(claim, finding, self._choose.choice(weak), NOT_ENOUGH)
        untold = [each for each in own if _is_untold(each)]
        if untold:
            nearest = max(untold, key=lambda s: self._rarity.coverage(finding.claim, s.text))
            yield self._example(claim, finding, nearest, NOT_ENOUGH)
        for other in self._rarity.neighbours(finding.claim, finding.abstract.id, 1):
            nearest = max(other.sentences, key=lambda s: self._rarity.coverage(finding.claim, s.text))
            title = other.title if finding.title else ""
            yield self._example(claim, finding, nearest, NOT_ENOUGH, title=title)

    def _example(
        self, claim: str, finding: Finding, sentence: Sentence, label: int, *, title: str | None = None
    ) -> Example:
        shown = finding.title if title is None else title
        pair = claim_pair(claim, sentence.text, title=shown, label=sentence.label)
        return Example("verdict", pair, label)
