"""A handout for the patient, from the statements that were checked for the clinician; the clinician gives it, not the machine."""

from clinical.answers.domain import Answer, Handout, HandoutStatement, Status
from clinical.answers.plain.words import explained, in_plain_words
from clinical.evidence.domain import Grade

# One patient's sheet is made of what holds for many: what only single studies say is for the clinician.
STRONG = (Grade.GUIDELINE, Grade.SYSTEMATIC_REVIEW)


def handout_of(answer: Answer) -> Handout:
    """Return the handout of an answer: guidelines and reviews where there are any, else every cited statement."""
    cited = [claim for claim in answer.claims if claim.citations]
    strong = [claim for claim in cited if claim.grade in STRONG]
    chosen = (strong or cited) if answer.status is Status.ANSWERED else []
    statements = tuple(HandoutStatement(text=in_plain_words(claim.text), claim=claim) for claim in chosen)
    words = explained("\n".join(each.text for each in statements))
    return Handout(
        statements=statements, words=tuple(sorted(words.items(), key=lambda each: each[0].casefold()))
    )
