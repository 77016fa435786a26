"""The sentence in which an abstract concludes on a question, where it does."""

import re
from collections.abc import Sequence

from clinical.evidence.domain import Passage, Source
from clinical.evidence.passages import split_passages
from clinical.evidence.relevance.concepts import Concept, share_of
from clinical.evidence.relevance.words import stem_line

CONCLUSION_LABEL = re.compile(r"conclusion|interpretation|summary|implication", re.I)
CONCLUDING = re.compile(
    r"^(?:in (?:conclusion|summary)|to conclude|we conclude|overall|(?:these|our|the) (?:results|findings|data)"
    r"|this (?:study|trial|review|meta-analysis)|thus|therefore|finally|taken together)\b",
    re.I,
)
# Part of what the question is about that title and sentence must name; the sentence itself must name some.
LEAST_SHARE = 0.75


def find_conclusion(concepts: Sequence[Concept], source: Source) -> Passage | None:
    """Return the concluding sentence that says most about what was asked; None where none bears on it.

    A labelled conclusion goes first, then a sentence that opens like one, then the last sentence.
    """
    passages = split_passages(source)
    labelled = [each for each in passages if any(CONCLUSION_LABEL.search(label) for label in each.context)]
    concluding = [each for each in passages if CONCLUDING.search(each.quote)]
    title = stem_line(source.title)

    def shares(passage: Passage) -> tuple[float, float]:
        line = stem_line(passage.quote)
        return share_of(concepts, line, title), share_of(concepts, line)

    best = max(labelled or concluding or passages[-1:], key=shares, default=None)
    if best is None:
        return None
    with_title, alone = shares(best)
    return best if alone > 0 and with_title >= LEAST_SHARE else None
