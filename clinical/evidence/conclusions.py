"""The sentence in which an abstract concludes."""

import re

from clinical.evidence.domain import Passage, Source
from clinical.evidence.passages import split_passages
from clinical.evidence.relevance.words import stem_line

CONCLUSION_LABEL = re.compile(r"conclusion|interpretation|summary|implication", re.I)
CONCLUDING = re.compile(
    r"^(?:in (?:conclusion|summary)|to conclude|we conclude|overall|these (?:results|findings|data)|our (?:results|findings|data)"
    r"|this (?:study|trial|review|meta-analysis)|the (?:results|findings|data)|thus|therefore|taken together)\b",
    re.I,
)


def best_conclusion(question: str, source: Source) -> Passage | None:
    """Return the concluding sentence that shares most words with the question; None where there is none.

    A labelled conclusion goes first, then a sentence that opens like one, then the last sentence.
    """
    passages = split_passages(source)
    labelled = [each for each in passages if any(CONCLUSION_LABEL.search(label) for label in each.context)]
    concluding = [each for each in passages if CONCLUDING.search(each.quote)]
    asked = set(stem_line(question).split())
    return max(
        labelled or concluding or passages[-1:],
        key=lambda passage: len(asked & set(stem_line(passage.quote).split())),
        default=None,
    )
