"""What a trial found: which way an outcome went under an intervention, against its comparator."""

from collections.abc import Sequence

from clinical.evidence.checking.domain import Direction, TrialResult
from clinical.evidence.checking.pairs import Pair, trial_pair
from clinical.evidence.checking.reader import Head, OpenReader, Reader
from clinical.evidence.checking.trials.ranking import Sentence, rank_sentences
from clinical.evidence.checking.trials.rules import Comparison, read_direction

DIRECTIONS = (Direction.INCREASED, Direction.DECREASED, Direction.NO_DIFFERENCE)
# The rules read sentences that score this share of the best one; the model reads so many.
NEAR_BEST = 0.6
SENTENCES = 6
# What a rule's reading of a sentence adds to the model's probability of that direction.
RULE_WEIGHT = 0.5
LEAST_SCORE = 0.01

NOT_REPORTED = TrialResult(direction=Direction.NOT_REPORTED, quote="")


def trial_result(comparison: Comparison, text: str, open_reader: OpenReader) -> TrialResult:
    """Return the direction and its sentence, by the trained model and the rules, or by the rules alone."""
    sentences = rank_sentences(comparison, text)
    if not sentences:
        return NOT_REPORTED
    reader = open_reader()
    if reader is None or not reader.has(Head.DIRECTION):
        return by_rules(comparison, sentences)
    return by_model(comparison, sentences[:SENTENCES], reader)


def by_rules(comparison: Comparison, sentences: Sequence[Sentence]) -> TrialResult:
    """Return what the likeliest sentence that says a direction says; not reported where none does."""
    for each in sentences:
        if each.score < NEAR_BEST * sentences[0].score:
            break
        direction = read_direction(comparison, each.text)
        if direction is not None:
            return TrialResult(direction=direction, quote=each.text)
    return NOT_REPORTED


def by_model(comparison: Comparison, sentences: Sequence[Sentence], reader: Reader) -> TrialResult:
    """Return the direction that the sentences speak for most, by the model with the rules' say.

    A sentence has the more say the likelier it reports the outcome; the one with most is the quote.
    """
    rows = reader.probabilities(Head.DIRECTION, [_pair(comparison, each) for each in sentences])
    if max(1 - row[-1] for row in rows) < reader.limits.reported_at:
        return NOT_REPORTED
    says = [_says(comparison, each, row) for each, row in zip(sentences, rows, strict=True)]
    place = max(range(len(DIRECTIONS)), key=lambda at: sum(said[at] for said in says))
    _, quote = max(((said[place], each.text) for said, each in zip(says, sentences, strict=True)), key=_first)
    return TrialResult(direction=DIRECTIONS[place], quote=quote)


def _pair(comparison: Comparison, sentence: Sentence) -> Pair:
    return trial_pair(
        intervention=comparison.intervention,
        comparator=comparison.comparator,
        outcome=comparison.outcome,
        text=sentence.text,
    )


def _says(comparison: Comparison, sentence: Sentence, row: Sequence[float]) -> list[float]:
    """Return how much the sentence speaks for each direction; what it may not report at all weighs less."""
    read = read_direction(comparison, sentence.text)
    weight = max(sentence.score, LEAST_SCORE) * (1 - row[-1])
    return [weight * (row[place] + RULE_WEIGHT * (read is each)) for place, each in enumerate(DIRECTIONS)]


def _first(pair: tuple[float, str]) -> float:
    return pair[0]
