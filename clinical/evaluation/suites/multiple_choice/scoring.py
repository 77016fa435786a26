"""Figures of one model's replies: how often it is right, what that is worth beside guessing, and what it took."""

from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np

from clinical.evaluation.metrics.bootstrap import mean_interval
from clinical.evaluation.metrics.spending import Price
from clinical.evaluation.suites.figures import Figures, share
from clinical.evaluation.suites.multiple_choice.asking import Reply
from clinical.evaluation.suites.multiple_choice.posing import Posed


def right(questions: Sequence[Posed], replies: Sequence[Reply]) -> list[bool]:
    """Return for each question whether the reply is right; one without a letter is not."""
    return [reply.letter == question.gold for question, reply in zip(questions, replies, strict=True)]


def reply_figures(questions: Sequence[Posed], replies: Sequence[Reply]) -> Figures:
    """Return how often the replies are right, and what lies behind that."""
    marks = right(questions, replies)
    answered = [mark for mark, reply in zip(marks, replies, strict=True) if reply.letter]
    return {
        "accuracy": share(marks),
        "accuracy_ci": mean_interval(list(map(float, marks))),
        "accuracy_of_answered": share(answered),
        "questions": len(marks),
        "unanswered": len(marks) - len(answered),
        "unanswered_by_reason": dict(Counter(reply.reason for reply in replies if reply.reason)),
        "by_class": dict(_by_group(questions, marks)),
        "letters": _letters(questions, replies),
    }


def baseline_figures(questions: Sequence[Posed]) -> Figures:
    """Return what no knowledge gives: any option at random, always one letter, always the class that is commonest."""
    classes = Counter(each.option(each.gold) for each in questions)
    is_classes = len({frozenset(each.options) for each in questions}) == 1
    letters = Counter(each.gold for each in questions)
    return {
        "uniform": sum(1 / len(each.options) for each in questions) / len(questions),
        "majority_letter": max(letters.values()) / len(questions),
        "majority_class": max(classes.values()) / len(questions) if is_classes else None,
    }


def cost_figures(replies: Sequence[Reply], *, seconds: float, price: Price | None) -> Figures:
    """Return time and tokens, and what they cost where a price is named; `seconds` are those of the whole run."""
    waits = [reply.milliseconds for reply in replies if reply.letter]
    read = sum(reply.usage.prompt_tokens for reply in replies)
    written = sum(reply.usage.written_tokens for reply in replies)
    return {
        "p50_ms": float(np.percentile(waits, 50)) if waits else None,
        "p95_ms": float(np.percentile(waits, 95)) if waits else None,
        "seconds": seconds,
        "tokens_in": read,
        "tokens_out": written,
        "tokens_per_second": (read + written) / seconds if seconds else None,
        "cost": price.of(read, written) if price else None,
    }


def _by_group(questions: Sequence[Posed], marks: Sequence[bool]) -> Iterator[tuple[str, Figures]]:
    """Yield the accuracy of each group, by name; nothing where the data names none."""
    for name in sorted({question.choice.group for question in questions} - {""}):
        own = [mark for question, mark in zip(questions, marks, strict=True) if question.choice.group == name]
        yield (
            name,
            {
                "accuracy": share(own),
                "accuracy_ci": mean_interval(list(map(float, own))),
                "questions": len(own),
            },
        )


def _letters(questions: Sequence[Posed], replies: Sequence[Reply]) -> Figures:
    """Return how often each letter was right and how often it was said: a model that leans to one shows here."""
    gold = Counter(question.gold for question in questions)
    said = Counter(reply.letter for reply in replies if reply.letter)
    letters = sorted({letter for question in questions for letter in question.letters})
    return {
        "right": {letter: gold[letter] for letter in letters},
        "said": {letter: said[letter] for letter in letters},
    }
