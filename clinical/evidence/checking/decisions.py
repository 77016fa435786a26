"""The answer to a yes/no question: what the trained model decides, else what becomes of the question as a claim."""

from collections.abc import Sequence

from clinical.evidence.checking.candidates import nearest
from clinical.evidence.checking.domain import Answer, Decision, Verdict
from clinical.evidence.checking.gate import check_claim
from clinical.evidence.checking.pairs import claim_pair, closing, question_pair
from clinical.evidence.checking.questions import statement_of
from clinical.evidence.checking.reader import Head, OpenReader, Reader
from clinical.evidence.domain import Passage
from clinical.evidence.grading import is_citable

ANSWERS = (Answer.YES, Answer.NO, Answer.MAYBE)
_ANSWERS = {Verdict.SUPPORTED: Answer.YES, Verdict.CONTRADICTED: Answer.NO, Verdict.NOT_ENOUGH: Answer.MAYBE}
# Below this probability the text bears on the question neither way.
LIKELY = 0.2
_VERDICT_PLACES = {Answer.YES: 0, Answer.NO: 1}


def decide_by(question: str, passages: Sequence[Passage], open_reader: OpenReader) -> Decision:
    """Return the answer, and the sentence that it rests on; maybe, without one, where nothing may be cited."""
    citable = [each for each in passages if is_citable(each.source)]
    if not citable:
        return Decision(answer=Answer.MAYBE, quote="")
    reader = open_reader()
    if reader is None:
        check = check_claim(statement_of(question), citable, lambda: None)
        return Decision(answer=_ANSWERS[check.verdict], quote=check.quote)
    if reader.has(Head.DECISION):
        answer = _by_reading(question, citable, reader)
        return Decision(answer=answer, quote=_resting_on(question, answer, citable, reader))
    return _by_judgement(statement_of(question), citable, reader)


def _by_judgement(statement: str, passages: Sequence[Passage], reader: Reader) -> Decision:
    """Return what is likelier of the question as a claim; maybe where neither support nor contradiction is likely."""
    near = nearest(statement, passages, reader.limits.sentences)
    judged = reader.judge(statement, near)
    if max(judged.supported, judged.contradicted) < LIKELY:
        return Decision(answer=Answer.MAYBE, quote=near[0].quote)
    is_yes = judged.supported >= judged.contradicted
    speaks = judged.supports if is_yes else judged.contradicts
    quote = near[max(range(len(near)), key=lambda at: speaks[at])].quote
    return Decision(answer=Answer.YES if is_yes else Answer.NO, quote=quote)


def _by_reading(question: str, passages: Sequence[Passage], reader: Reader) -> Answer:
    """Return the likeliest answer of the source that is surest, by the end of its text, where results stand."""
    by_source: dict[str, list[str]] = {}
    for passage in passages:
        by_source.setdefault(passage.source.id, []).append(passage.quote)
    pairs = [question_pair(question, closing(quotes)) for quotes in by_source.values()]
    surest = max(reader.probabilities(Head.DECISION, pairs), key=max)
    return ANSWERS[max(range(len(ANSWERS)), key=lambda place: surest[place])]


def _resting_on(question: str, answer: Answer, passages: Sequence[Passage], reader: Reader) -> str:
    """Return the sentence that says most for the answer, of those nearest to the question."""
    statement = statement_of(question)
    near = nearest(statement, passages, reader.limits.sentences)
    if answer not in _VERDICT_PLACES:
        return near[0].quote
    pairs = [claim_pair(statement, each.quote, title=each.source.title) for each in near]
    rows = reader.probabilities(Head.VERDICT, pairs)
    place = _VERDICT_PLACES[answer]
    return near[max(range(len(near)), key=lambda at: rows[at][place])].quote
