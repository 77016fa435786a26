"""A claim says no more surely than its quote: not "is" for "may be", not "causes" for "is associated with"."""

import re

from clinical.evidence.checking.domain import Reason
from clinical.evidence.checking.rules.content import content_stems
from clinical.evidence.checking.rules.lexicon import ASSOCIATIVE, CAUSAL, EXPERIMENTAL, MAY, SEEMS
from clinical.evidence.checking.rules.objection import Objection
from clinical.evidence.domain import Passage

_WORD = re.compile(r"[a-z]+")
# "In May 2009" and "likelihood" hedge nothing.
_MONTH = re.compile(r"\bMay\s+(?:\d|to\b|and\b|through\b)|\b(?:in|of|since|until|from|to|by)\s+May\b")
_AIM = re.compile(
    r"\b(?:we|study|trial|review|paper|article|work|analysis) (?:here )?(?:aim(?:s|ed)?|sought|set out|wished|wanted|hypothesi[sz]ed?|"
    r"(?:was|were|is) (?:designed|conducted|undertaken|performed|carried out|initiated)) (?:to\b|that\b)"
    r"|\b(?:aim|aims|objective|objectives|purpose|goal) (?:of|was|were|is|are)\b"
    r"|(?:^|\b(?:objectives?|aims?|purpose|background|introduction|goals?)\W+)to (?:determine|assess|evaluate|investigate|examine|test|compare|explore|identify|study|estimate|establish|describe)\b"
    r"|\b(?:investigat|examin|assess|test|determin|evaluat|ask|explor)\w* (?:whether|if|the hypothesis)\b"
    r"|\b(?:remain|remains|is|are|was|were) (?:still |largely |currently |poorly |not |also )*(?:unknown|unclear|uncertain|controversial|understood|debated|"
    r"undefined|elusive|known|to be (?:determined|established|elucidated))\b|\bhypothesi[sz]ed? that\b|\bto (?:see|know|learn) whether\b|\?\s*$",
    re.IGNORECASE,
)
_STUDIED = re.compile(
    r"\bwe (?:have )?(?:assess|investigat|examin|stud[yi]|explor|evaluat|sought|aimed)\w*\b", re.IGNORECASE
)
_FOUND = re.compile(
    r"\b(?:found|find|show\w*|observ\w*|demonstrat\w*|reveal\w*|identif\w*|report\w*|result\w*|was|were|p ?[<=>])",
    re.IGNORECASE,
)
_CLAUSES = re.compile(
    r"[,;:]|\b(?:and|which) (?=(?:may|might|could|suggest|propose|indicate)\w*\b)|\b(?:suggest|propos|indicat)\w+ that\b"
)
_KNOWN = re.compile(r"\b(?:is|are|was|were) (?:well |now )?known\b", re.IGNORECASE)


def objects(claim: str, passage: Passage) -> Objection | None:
    """Return the objection where the quote asks, hedges or only associates what the claim states."""
    said, written = _words(claim), _words(passage.quote)
    if is_aim(passage.quote) and not is_aim(claim):
        return Objection(Reason.NOT_A_FINDING)
    if not said & (MAY | SEEMS) and _words(_nearest_clause(claim, passage.quote)) & MAY:
        return Objection(Reason.HEDGED)
    if (
        said & CAUSAL
        and written & ASSOCIATIVE
        and not written & (CAUSAL | EXPERIMENTAL)
        and not said & ASSOCIATIVE
    ):
        return Objection(Reason.NO_CAUSE_SHOWN)
    return None


def _nearest_clause(claim: str, quote: str) -> str:
    """Return the part of the quote that shares most with the claim: "may" elsewhere hedges something else."""
    said = content_stems(claim)
    return max(_CLAUSES.split(quote), key=lambda clause: len(content_stems(clause) & said))


def is_aim(sentence: str) -> bool:
    """Whether the sentence asks, or says what a study set out to find, and reports nothing."""
    if _STUDIED.search(sentence) and not _FOUND.search(sentence):
        return True
    return _AIM.search(sentence) is not None and _KNOWN.search(sentence) is None


def _words(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(_MONTH.sub(" ", text).lower()))
