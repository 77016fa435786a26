"""Yes/no questions as examples: PubMedQA's, and questions made from conclusions that their abstracts no longer show."""

import random
import re
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.checker.altering import BASE_OF_VERB, is_declarative, is_negated, negated
from benchmarks.checker.making import bare_statement, conclusions
from benchmarks.checker.reading import LABELS, NO_DIFFERENCE, Abstract, Example, cut
from benchmarks.checker.trials import direction_of, quotes_of
from clinical.evidence.checking.pairs import Pair, closing, question_pair

YES, NO, MAYBE = range(3)
_TRIAL_QUESTIONS = (
    "Does {i} affect {o} compared with {c}?",
    "Is {o} different with {i} than with {c}?",
    "Does {i} have an effect on {o}?",
    "Is {i} associated with a change of {o}?",
)
_FRONTED = re.compile(r"\b(is|are|was|were|can|could|should|has|have|may|might)\b")
_HEDGED = re.compile(r"\b(?:may|might|could|possibly|perhaps|further (?:studies|research|trials)|unclear)\b")


def decision_pair(row: dict[str, Any]) -> Pair:
    """Return PubMedQA's question beside the end of its abstract (the conclusion is not in it)."""
    return question_pair(row["question"], closing([s.text for text in row["contexts"] for s in cut(text)]))


def truths_of(rows: Sequence[dict[str, Any]]) -> NDArray[np.int64]:
    """Return the numbers of the rows' answers in LABELS["decision"]."""
    return np.array([LABELS["decision"].index(row["answer"]) for row in rows], dtype=np.int64)


def made_questions(abstracts: Sequence[Abstract], choose: random.Random) -> Iterator[Example]:
    """Yield conclusions turned into questions; a negated conclusion is asked without its negation, answer no.

    Conclusions that affirm are far more frequent; each negated one is kept with 1.6 others, as in PubMedQA.
    """
    asked = [example for abstract in abstracts for example in _made(abstract)]
    denied = [each for each in asked if each.label == NO]
    hedged = [each for each in asked if each.label == MAYBE]
    affirmed = [each for each in asked if each.label == YES]
    yield from denied
    yield from choose.sample(affirmed, min(len(affirmed), len(denied) * 16 // 10))
    yield from choose.sample(hedged, min(len(hedged), len(denied) * 3 // 10))


def trial_questions(rows: Sequence[dict[str, Any]], choose: random.Random) -> Iterator[Example]:
    """Yield trials' rows as questions: yes where the outcome differed, no where it did not."""
    for row in rows:
        asked = choose.choice(_TRIAL_QUESTIONS)
        question = asked.format(i=row["intervention"], o=row["outcome"], c=row["comparator"])
        label = NO if direction_of(row["label"]) == NO_DIFFERENCE else YES
        yield Example("decision", question_pair(question, " ".join(quotes_of(row))), label)


def _made(abstract: Abstract) -> Iterator[Example]:
    for sentence in conclusions(abstract)[:1]:
        statement = bare_statement(sentence.text)
        before = [s.text for s in abstract.sentences if s != sentence and not _concludes(s.label)]
        if not is_declarative(statement) or len(before) < 4:
            continue
        denies = is_negated(statement)
        question = question_of((negated(statement) or statement) if denies else statement)
        if question:
            label = NO if denies else MAYBE if _HEDGED.search(statement) else YES
            yield Example("decision", question_pair(question, closing(before)), label)


def _concludes(label: str) -> bool:
    return label.lower().startswith(("conclusion", "interpretation", "discussion"))


def question_of(statement: str) -> str | None:
    """Return the statement as a yes/no question; None where its verb is not known."""
    words = statement.split()
    for place, word in enumerate(words[1:], start=1):
        if _FRONTED.fullmatch(word):
            front = {"may": "can", "might": "can"}.get(word, word)
            return (
                " ".join([front.capitalize(), _lowered(words[0]), *words[1:place], *words[place + 1 :]]) + "?"
            )
        if word in BASE_OF_VERB:
            rest = [_lowered(words[0]), *words[1:place], BASE_OF_VERB[word], *words[place + 1 :]]
            return "Does " + " ".join(rest) + "?"
    return None


def _lowered(word: str) -> str:
    return word if any(letter.isupper() for letter in word[1:]) else word[:1].lower() + word[1:]
