"""What a drafted statement may not do to its passage, beyond what the claim checker judges: a draft copies, it does not compose.

Each rule is of a mistake that a small model made and the checker let through.
"""

import re

from clinical.answers.statements.wording import plain_text
from clinical.evidence.checking.restatement import PARENTHESES, content_words, is_subsequence
from clinical.evidence.domain import Passage
from clinical.evidence.quoting.sentences import sentence_spans
from clinical.safety.ingredients import mentions

# "In seriously ill adults, ..." says for whom it holds.
SCOPE = re.compile(
    r"^\W*(?:in|among|for|when|if|after|during|before|unless|despite|until|once)\b[^,.;]{3,120},", re.I
)
LABEL = re.compile(r"^\W*([^:\n|]{2,60}):")
# Less than this of a sentence's own words is a piece of it.
LEAST_OF_SENTENCE = 0.5


def is_faithful(statement: str, passage: Passage) -> bool:
    """Whether a statement has no word of its own, one sentence of the passage for each of its sentences, and its scope."""
    pieces = _pieces(passage.quote)
    headings = set(content_words(" ".join(passage.context)))
    sentences = [statement[start:end] for start, end in sentence_spans(statement, 0, len(statement))]
    return bool(sentences) and all(
        any(_is_of(_without_headings(each, headings), piece) for piece in pieces) for each in sentences
    )


def _pieces(quote: str) -> list[str]:
    """Return the sentences of a quote, those of each line by themselves: items of a list are not one sentence."""
    lines = [plain_text(line) for line in quote.splitlines() if line.strip()]
    return [line[start:end] for line in lines for start, end in sentence_spans(line, 0, len(line))]


def _is_of(said: list[str], piece: str) -> bool:
    own = content_words(PARENTHESES.sub(" ", piece))
    if not said or not is_subsequence(said, content_words(piece)):
        return False
    kept = sum(word in said for word in own)
    return kept >= LEAST_OF_SENTENCE * len(own) and _keeps_scope(said, piece)


def _keeps_scope(said: list[str], piece: str) -> bool:
    scope = SCOPE.match(piece)
    return scope is None or set(content_words(PARENTHESES.sub(" ", scope[0]))) <= set(said)


def turns_label_into_subject(statement: str, passage: Passage) -> bool:
    """Whether "Refractory AF: recommended for ..." became "Refractory AF is recommended": a label is no subject.

    That of a medicine is: "Allopurinol: recommended first" is said of allopurinol.
    """
    label = LABEL.match(plain_text(passage.quote))
    if label is None or any(mentions(label[1])):
        return False
    return (
        re.search(rf"{re.escape(label[1].strip())}\s+(?:is|are|was|were|should|may)\b", statement, re.I)
        is not None
    )


def _without_headings(sentence: str, headings: set[str]) -> list[str]:
    words = content_words(sentence)
    opening = next((at for at, word in enumerate(words) if word not in headings), len(words))
    return words[opening:] or words
