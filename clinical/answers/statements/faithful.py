"""What a drafted statement may not do to its passage, beyond what the claim checker judges: a draft copies, it does not compose.

Each rule is of a mistake that a small model made and the checker let through.
"""

import re

from clinical.answers.statements.wording import plain_text
from clinical.evidence.checking.restatement import PARENTHESES, QUALIFIERS, content_words, is_subsequence
from clinical.evidence.domain import Passage
from clinical.evidence.quoting.sentences import sentence_spans
from clinical.safety.ingredients import mentions

LABEL = re.compile(r"^\W*([^:\n|]{2,60}):")
# What may go from the beginning of a sentence. "Our findings suggest that" may not: it says how sure the authors are.
OPENING = re.compile(
    r"^\W*(?:(?:thus|therefore|hence|moreover|furthermore|notably|interestingly|importantly|additionally|overall|finally"
    r"|in (?:conclusion|summary)|note)\b[,:]?\s*)*"
    r"(?:(?:we|our \w+|these \w+|this \w+)\s+(?:also\s+)?(?:concluded?|shows?|showed|demonstrated?s?|finds?|found|reported"
    r"|confirm(?:s|ed)?|observed|reveal(?:s|ed)?)\s+that\b)?",
    re.I,
)


def is_faithful(statement: str, passage: Passage) -> bool:
    """Whether each of a statement's sentences is a whole one of the passage, and none has lost what leads a list."""
    if not _keeps_lead(statement, passage.quote):
        return False
    pieces = _pieces(passage.quote)
    headings = set(content_words(" ".join(passage.context)))
    sentences = [statement[start:end] for start, end in sentence_spans(statement, 0, len(statement))]
    return bool(sentences) and all(
        any(_is_of(said, piece) for said in _readings(each, headings) for piece in pieces)
        for each in sentences
    )


def _pieces(quote: str) -> list[str]:
    """Return the sentences of a quote, those of each line by themselves; an item of a list also with what leads it."""
    lead, items = _led_list(quote)
    lines = [*items, *(f"{lead} {item}" for item in items if lead)]
    return [line[start:end] for line in lines for start, end in sentence_spans(line, 0, len(line))]


def _led_list(quote: str) -> tuple[str, list[str]]:
    """Return what leads a list ("For patients without ASCVD:", "Long-term indication?"), empty for none, and its lines."""
    lines = [line for line in map(plain_text, quote.splitlines()) if line]
    is_led = len(lines) > 1 and lines[0].endswith((":", "?"))
    return (lines[0], lines[1:]) if is_led else ("", lines)


def _is_of(said: list[str], piece: str) -> bool:
    if not said or not is_subsequence(said, content_words(piece)):
        return False
    own = PARENTHESES.sub(_kept_parenthesis, OPENING.sub("", piece, count=1))
    # In its order: a word that is lost may stand once more in a parenthesis.
    return is_subsequence(content_words(own), said)


def _kept_parenthesis(found: re.Match[str]) -> str:
    """Return what must be said of a parenthesis: all of it where it sets a condition ("except if the dose is high")."""
    return found[0] if any(word in QUALIFIERS and word.isalpha() for word in content_words(found[0])) else " "


def _keeps_lead(statement: str, quote: str) -> bool:
    lead, _ = _led_list(quote)
    return set(content_words(PARENTHESES.sub(_kept_parenthesis, lead))) <= set(content_words(statement))


def turns_label_into_subject(statement: str, passage: Passage) -> bool:
    """Whether "Refractory AF: recommended for ..." became "Refractory AF is recommended": a label is no part of a sentence.

    That of a medicine is: "Allopurinol: recommended first" is said of allopurinol.
    """
    label = LABEL.match(plain_text(passage.quote))
    if label is None or any(mentions(label[1])):
        return False
    merged = rf"(?:^|:)\W*{re.escape(label[1].strip())}\b(?!\s*:)"
    return re.search(merged, plain_text(statement), re.I) is not None


def _readings(sentence: str, headings: set[str]) -> tuple[list[str], list[str]]:
    """Return the words of a sentence, and those after the words of headings with which it opens."""
    words = content_words(sentence)
    opening = next((at for at, word in enumerate(words) if word not in headings), len(words))
    return words, words[opening:]
