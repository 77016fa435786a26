"""What a rule says where a quote does not carry a claim."""

from dataclasses import dataclass

from clinical.evidence.checking.domain import Reason
from clinical.evidence.domain import Passage


@dataclass(frozen=True)
class Objection:
    """Why a quote cannot support a claim; `contradicts` where it plainly says otherwise."""

    reason: Reason
    contradicts: bool = False


def surroundings(passage: Passage) -> str:
    """Return what a quote is read with: the headings it stands under and its source's title."""
    return " ".join((*passage.context, passage.source.title))
