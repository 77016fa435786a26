"""How well a source, and a passage of it, answers a question: numbers named and in one place."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from clinical.evidence.domain import Filters, Grade, Kind, Passage, Source
from clinical.evidence.passages import split_passages
from clinical.evidence.relevance.concepts import Concept, share_of
from clinical.evidence.relevance.words import StemmedSource, stem_lines

# The least part of the question's weight that a source must hold, by how many things the question names:
# of few things none may be missing, of many a detail may.
SOURCE_COVERAGE = {1: 0.8, 2: 0.8, 3: 0.8, 4: 0.75}
SOURCE_COVERAGE_OF_MANY = 0.65
# A passage, read with its title, may hold this much less than its source when many things are named.
PASSAGE_ALLOWANCE = 0.1
FEW = 3
# A chart term is met when this part of its weight is.
CHART_COVERAGE = 0.6
# More chart terms than this add nothing: a long problem list must not outweigh the question.
CHART_TERMS_THAT_COUNT = 2

GRADE_WEIGHTS = {
    Grade.GUIDELINE: 0.5,
    Grade.SYSTEMATIC_REVIEW: 0.3,
    Grade.RANDOMISED_TRIAL: 0.2,
    Grade.OBSERVATIONAL: 0.1,
    Grade.CASE_REPORT: 0.0,
    Grade.OTHER: 0.0,
}
SECTION_WEIGHTS = {
    "conclu": 0.35, "interpretation": 0.35, "implication": 0.3, "recommend": 0.35, "summary": 0.2,
    "result": 0.15, "finding": 0.15, "discussion": 0.1,
    "method": -0.8, "design": -0.8, "setting": -0.8, "patients": -0.8, "participants": -0.8, "material": -0.8,
    "objective": -0.8, "aim": -0.8, "purpose": -0.8, "question": -0.8, "background": -0.3, "introduction": -0.3,
    "importance": -0.3, "context": -0.3, "limitation": -0.3, "main outcome": -0.4, "intervention": -0.3,
}  # fmt: skip
ADVICE_WEIGHTS = (
    (re.compile(r"recommended|recommends|\bClass I\b|\(Strong|\bGrade 1?A\b"), 0.35),
    (re.compile(r"recommend|suggests|may be considered|\bClass I|\bGrade \d?[B-D]\b|\(Conditional"), 0.25),
    (
        re.compile(r"should|must\b|prefer|first-line|indicated|do not\b|\boffer|initiate|administer", re.I),
        0.2,
    ),
)
UNDERTAKING_WEIGHT = -0.4
# What a passage opens with is what it is about.
OPENING_WORDS = 8
_UNDERTAKING = re.compile(
    r"\bwe (?:aim|sought|search|explor|investigat)|\b(?:aim|purpose|objective)s? (?:of|was|is|were)\b"
    r"|stud(?:y|ies) aim"
    r"|\b(?:was|were) (?:searched|enrolled|recruited|included|collected)\b|future (?:studies|research)",
    re.IGNORECASE,
)
_ABBREVIATION = re.compile(r"\(([A-Z][\w-]{1,9})[);,]")
_TYPICAL_LENGTH = 1500
SHORT_ABBREVIATION = 3
_OLDEST_YEAR = 1980
_RECENCY_SPAN = 45


@dataclass(frozen=True)
class Wanted:
    """What a search is for: the question's concepts, its manner, and the concepts of each chart term.

    `preferred` tells the sources that are chosen of near equals; it brings none in and leaves none out.
    """

    question: tuple[Concept, ...]
    manner: tuple[Concept, ...] = ()
    chart: tuple[tuple[Concept, ...], ...] = ()
    preferred: Filters | None = None

    @property
    def source_coverage(self) -> float:
        """The part of the question's weight that a source must hold."""
        return SOURCE_COVERAGE.get(len(self.question), SOURCE_COVERAGE_OF_MANY)

    @property
    def passage_coverage(self) -> float:
        """The part of the question's weight that a passage with its title must hold."""
        return self.source_coverage - (PASSAGE_ALLOWANCE if len(self.question) > FEW else 0.0)

    def chart_terms_in(self, *lines: str) -> frozenset[int]:
        """Return which chart terms the stem lines speak of, by their place."""
        shares = (share_of(term, *lines) for term in self.chart)
        return frozenset(place for place, share in enumerate(shares) if share >= CHART_COVERAGE)

    def chart_share(self, *lines: str) -> float:
        """Return how much of the chart the stem lines speak of, 0 to 1."""
        return min(len(self.chart_terms_in(*lines)), CHART_TERMS_THAT_COUNT) / CHART_TERMS_THAT_COUNT


@dataclass(frozen=True)
class RankedSource(StemmedSource):
    """A source with its words, the question in the source's own abbreviations, and a score."""

    wanted: Wanted
    score: float = 0.0


@dataclass(frozen=True)
class RankedPassage:
    """A passage with its stems, and the chart terms that it is about and that it mentions.

    Chart terms that the source's title names are left out: all its passages are about them.
    """

    passage: Passage
    words: frozenset[str]
    about: frozenset[int] = frozenset()
    mentioned: frozenset[int] = frozenset()
    is_preferred: bool = False


def rank_sources(sources: Iterable[StemmedSource], wanted: Wanted) -> list[RankedSource]:
    """Return the sources that cover the question, best first."""
    covering = (
        replace(each, score=_source_score(each))
        for each in (_read(source, wanted) for source in sources)
        if share_of(each.wanted.question, each.title, each.headings, each.body) >= wanted.source_coverage
    )
    return sorted(covering, key=lambda each: -each.score)


def rank_passages(read: RankedSource) -> list[RankedPassage]:
    """Return the source's relevant passages, best first."""
    rarest = _rarest(read)
    of_title = read.wanted.chart_terms_in(read.title)
    is_preferred = read.wanted.preferred is not None and read.wanted.preferred.admits(read.source)
    passages = split_passages(read.source)
    lines = stem_lines(text for passage in passages for text in _parts(passage))
    ranked = []
    for passage, over, heading, quote in zip(passages, lines[::3], lines[1::3], lines[2::3], strict=True):
        context = over + heading
        if _is_relevant(context + quote, read, rarest):
            opening = f" {' '.join(quote.split()[:OPENING_WORDS])} "
            about = read.wanted.chart_terms_in(heading, opening) - of_title
            mentioned = read.wanted.chart_terms_in(quote) - of_title
            chart = 0.15 * min(len(about | mentioned), CHART_TERMS_THAT_COUNT)
            scored = replace(passage, score=_passage_score(passage, context, quote, read) + chart)
            ranked.append(RankedPassage(scored, frozenset(quote.split()), about, mentioned, is_preferred))
    return sorted(ranked, key=lambda each: -each.passage.score)


def _parts(passage: Passage) -> tuple[str, str, str]:
    """Return what is read of a passage: its outer context, its nearest heading, its quote."""
    return " ".join(passage.context[:-1]), "".join(passage.context[-1:]), passage.quote


def _read(stemmed: StemmedSource, wanted: Wanted) -> RankedSource:
    own = tuple(_as_written(concept, stemmed) for concept in wanted.question)
    return RankedSource(**vars(stemmed), wanted=replace(wanted, question=own))


def _as_written(concept: Concept, stemmed: StemmedSource) -> Concept:
    """Return the concept in the source's own abbreviations.

    "febrile neutropenia (FN)" adds "FN"; an article that says "FN" and never what it stands for may mean
    something else ("false negative"), so there it does not count.
    """
    source, body = stemmed.source, stemmed.body
    long = [saying for saying in concept.sayings if len(saying) > SHORT_ABBREVIATION]
    spoken = [saying for saying in long if f" {saying} " in body or f" {saying} " in stemmed.headings]
    if source.kind is Kind.ARTICLE and long and not spoken:
        return replace(concept, sayings=tuple(long))
    phrases = [saying for saying in spoken if " " in saying]
    if not phrases or "(" not in source.text:
        return concept
    given = set(map(str.strip, stem_lines(_ABBREVIATION.findall(source.text))))
    new = {short for short in given for phrase in phrases if f" {phrase} {short} " in body}
    return replace(concept, sayings=tuple(dict.fromkeys((*concept.sayings, *sorted(new)))))


def _rarest(read: RankedSource) -> Concept:
    matched = [each for each in read.wanted.question if each.is_in(read.title, read.headings, read.body)]
    return max(matched, key=lambda concept: concept.weight)


def _source_score(read: RankedSource) -> float:
    question = read.wanted.question
    return (
        1.0 * share_of(question, read.title, read.headings, read.body)
        + 0.8 * share_of(question, read.title)
        + 0.2 * share_of(question, read.headings)
        + 0.5 * _density(question, read.body)
        + 1.2 * read.wanted.chart_share(read.title, read.headings)
        + 0.2 * read.wanted.chart_share(read.body)
        + GRADE_WEIGHTS[read.source.grade]
        + 0.4 * _recency(read.source)
    )


def _density(question: Sequence[Concept], line: str) -> float:
    """Return how much the text dwells on the question, 0 to 1: BM25's saturation and length norm."""
    norm = 1.2 * (0.25 + 0.75 * len(line) / _TYPICAL_LENGTH)
    counts = [(concept.weight, concept.count_in(line)) for concept in question]
    total = sum(weight for weight, _ in counts)
    return sum(weight * count / (count + norm) for weight, count in counts) / total if total else 0.0


def _recency(source: Source) -> float:
    return min(max(((source.year or _OLDEST_YEAR) - _OLDEST_YEAR) / _RECENCY_SPAN, 0.0), 1.0)


def _is_relevant(line: str, read: RankedSource, rarest: Concept) -> bool:
    """Whether the passage, read with its title, covers the question and adds something to the title."""
    question = read.wanted.question
    covered = share_of(question, line, read.title)
    if covered < read.wanted.passage_coverage or not rarest.is_in(line, read.title):
        return False
    return share_of(question, line) > 0 or bool(read.wanted.chart_terms_in(line))


def _passage_score(passage: Passage, context: str, quote: str, read: RankedSource) -> float:
    question, line = read.wanted.question, context + quote
    return (
        read.score
        + 0.5 * share_of(question, line, read.title)
        + 0.5 * share_of(question, line)
        + 0.25 * share_of(question, quote)
        + 0.3 * share_of(read.wanted.manner, line)
        + _place_weight(passage)
        + 0.2 * share_of(question, context)
        + (UNDERTAKING_WEIGHT if _UNDERTAKING.search(passage.quote) else 0.0)
    )


def _place_weight(passage: Passage) -> float:
    """Return what the passage is worth by what it is: a conclusion or advice, over what was done or supposed."""
    if passage.source.kind is Kind.GUIDELINE:
        said = " ".join((*passage.context[-1:], passage.quote))
        return next((weight for pattern, weight in ADVICE_WEIGHTS if pattern.search(said)), 0.0)
    undertaken = UNDERTAKING_WEIGHT if _UNDERTAKING.search(passage.quote) else 0.0
    if passage.context:
        label = passage.context[-1].lower()
        return undertaken + next((weight for name, weight in SECTION_WEIGHTS.items() if name in label), 0.0)
    # Without labels, what was found and concluded stands towards the end.
    return undertaken + 0.3 * passage.end / len(passage.source.text) - 0.15
