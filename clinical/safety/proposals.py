"""Which medicines a question proposes to give, start, add, increase or switch to: by the words that govern each name.

A name belongs to the nearest words before it that say what is done with it ("give", "stop", "takes"), else to those after it
("is ibuprofen safe"). What is only mentioned, taken, stopped or not borne is not proposed.
"""

import re
from collections.abc import Iterator

from clinical.safety.domain import ProposedOrder
from clinical.safety.ingredients import mentions

SENTENCE_END = re.compile(r"[.?!;](?=\s|$)|\n")
WHOM = (
    r"(?:\s+(?:him|her|them|it|this|that|these|the|my|our|a|an|old|young|elderly|pregnant|patient|man|woman|child|boy|girl"
    r"|baby|infant|gentleman|lady|mother|mr|mrs|ms|back|up|[\w-]{0,9}year[\w-]{0,9}|\d+))*"
)
DO = (
    "give|start|begin|initiate|commence|add|prescribe|use|try|administer|order|increase|uptitrate|up-titrate|titrate|double"
    "|restart|resume|reintroduce|combine|offer|recommend|choose|pick|select|prefer|suggest|consider|load"
)
DOING = (
    "giving|starting|beginning|initiating|commencing|adding|prescribing|administering|ordering|increasing|uptitrating"
    "|up-titrating|titrating|doubling|restarting|resuming|reintroducing|combining|offering|recommending|choosing|considering"
    "|trying"
)
DONE = (
    "given|started|begun|initiated|commenced|added|prescribed|used|tried|administered|ordered|increased|switched|changed"
    "|uptitrated|restarted|resumed|combined|offered|loaded|put|placed|treated"
)
PROPOSING = (
    rf"\b(?:{DO}|{DOING})\b(?:{WHOM}\s+on)?",
    rf"\b(?:put|place|putting|placing|get){WHOM}\s+on\b",
    r"\b(?:treat|treating|cover|covering|manage|managing|bridge|bridging)(?:\s+[\w'-]+){0,4}?\s+with\b",
    r"\b(?:safe|ok|okay|fine|alright|allowed|possible|reasonable)\s+(?:for\s+[\w\s'-]{1,40}?\s+)?to\s+(?:take|have|receive|get)\b",
    rf"\b(?:be|being|get)\s+(?:safely\s+)?(?:{DONE})\b(?:{WHOM}\s+(?:on|to))?",
    r"\b(?:be|being|get)\s+(?:treated|covered)\s+with\b",
    rf"\b(?:switch|switching|change|changing|convert|converting|move|moving|swap|swapping){WHOM}\s+(?:over\s+)?(?:to|for)\b",
    r"\b(?:can|could|may|might|should|shall|would|must)\s+(?:[\w-]+\s+){0,8}?(?:take|have|receive|get|go on|tolerate)\b",
    r"\b(?:what|how)\s+about\b|\bthoughts\s+on\b",
    r"\b(?:what|which|right|correct|starting|best)\s+(?:starting\s+|loading\s+)?dos(?:e|ing|age)\s+(?:of|for)\b|\bhow\s+much\b",
    r"\b(?:needs?|require[sd]?|benefit\s+from|candidate\s+for|eligible\s+for|indication\s+for|case\s+for|okay\s+with|ok\s+with)\b",
    r"\b(?:ok|okay|safe|fine|alright|possible)\s+(?:if|that)\s+(?:[\w-]+\s+){1,4}?(?:takes?|has|have|gets?)\b",
    r"\bcontra-?indications?\s+(?:to|for)\b|\bplan:|\bthinking\s+(?:about|of)\b",
    r"\b(?:wants?|wishes|requests?|asks?\s+for|asking\s+for|would\s+like)\b",
    r"\b(?:better|safer|safest|best|preferred|preferable)\b",
)
# The parts of a switch: what is left, and what comes.
LEAVING = r"\b(?:switch|switching|change|changing|convert|converting|replace|replacing|swap|swapping|substitute|substituting)\b"
COMING = r"\b(?:to|for|with|by)\b"
ASIDE = (
    r"\b(?:stop|stopp\w+|hold\w*|held|discontinu\w+|withh\w+|wean\w*|taper\w*|ceas\w+|omit\w*|avoid\w*|paus\w+|reduc\w+|skip\w*"
    r"|come\s+off|coming\s+off|off|lower\w*|decreas\w+|halv\w+|halve|missed|deprescrib\w+|revers\w+)\b",
    r"\b(?:takes?|taking|took|taken|uses|gets|receiv\w+|on|has|had|having|continu\w+|keep\w*|kept|maintain\w*|stays?|remain\w*"
    r"|already|currently|current|home|usual|regular)\b",
    rf"\b(?:{DONE}|gave|began)\b(?:{WHOM}\s+(?:on|with))?",
    r"\b(?:is|are|was|were|been|am|she's|he's)\s+(?:still\s+|also\s+|now\s+)?using\b",
    r"\b(?:allerg\w+|intoleran\w+|reaction\w*|reacted|anaphyla\w+|sensitiv\w+|hypersensitiv\w+|rash|angioedema|history|overdose\w*)\b",
    r"\b(?:with|without|despite|after|before|from|than|instead\s+of|rather\s+than|because\s+of|due\s+to|while|to)\b",
    r"\bstill\s+(?:needs?|requires?|takes?|uses?|has|have)\b|\bover\b",
    r"\b(?:interact\w*|level|levels|effect|effects|mechanism|monitor\w*|between)\b",
)
NOT_BEFORE = re.compile(
    r"(?:\b(?:not|never|don't|do not|won't|cannot|without|avoid|refus\w+|decline\w*|against|instead of|rather than)"
    r"|(?<!shouldn't)(?<!couldn't)(?<!can't)(?<!wouldn't)n't)(?:\s+(?:to|be|been|want|wish|going|plan|planning|yet))*\s*$",
    re.I,
)
ASKS_WHY_NOT = re.compile(
    r"\b(?:why|reasons?|whether\s+or|should|can|could|may)\s+(?:\w+\s+)?not\b[\w\s]*$", re.I
)
AFTER = re.compile(
    r"\b(?:safe\w*|ok|okay|appropriate|indicated|contraindicated|contra-indicated|suitable|option|good\s+(?:idea|choice)|reasonable"
    r"|possible|allowed|permitted|recommended|advisable|alright|all\s+right|fine|sensible|help|work|useful|effective|justified"
    rf"|warranted|instead(?!\s+of)|better|preferred|preferable|be\s+(?:{DONE}|taken|preferred|harmful|dangerous)|(?:i|we|one|you|she|he|they)\s+(?:{DO}|take|have))\b",
    re.I,
)
ASKS = re.compile(
    r"^\W*(?:is|are|can|could|may|might|would|should|shall|will|do|does|what|which|how|any)\b", re.I
)
# "..., is naproxen": what stands before no longer governs it.
SUBJECT = re.compile(r"\b(?:is|are|would|could|can|may|might|will)\s+(?:an?\s+|the\s+)?$", re.I)
NOT_NEW = re.compile(
    r"^\W*(?:still|already|continue\w*|be\s+(?:stopped|held|continued|paused|withheld|reduced))\b", re.I
)
STILL_STOPPED = re.compile(
    r"\b(?:be\s+)?(?:stopped|held|discontinued|withheld|paused|continued|reduced)\b", re.I
)
NOT_A_START = re.compile(
    r"\b(?:stop\w*|hold|held|discontinu\w+|withh\w+|still|continue\w*|paus\w+|taper\w*|wean\w*|reduc\w+|level|levels|why|when"
    r"|how|toxicity|effects?|mechanism|half-life)\b",
    re.I,
)
ROUTE_BEFORE = re.compile(r"\b(?:topical|inhaled|nebuli[sz]ed|vaginal|ophthalmic)\s+$", re.I)
SHORT = 12  # words
WORDS_AFTER = re.compile(r"^[^,.?!;:()]{0,3}(?:\s?[\w%]+){0,3}")


ProposedMention = tuple[str, str, frozenset[str]]  # the name, the words that go with it, the substances
LONGEST_QUESTION = 4000
REACH = 80  # characters before a word in which a negation may stand


def proposed_in(question: str) -> tuple[ProposedOrder, ...]:
    """Return the medicines that a question proposes, each once, in its order."""
    found: dict[frozenset[str], ProposedOrder] = {}
    for sentence in _sentences(question[:LONGEST_QUESTION].replace("’", "'")):
        for name, words, substances in _proposed(sentence):
            found.setdefault(substances, ProposedOrder(name=name, words=words, code=None, reference=""))
    return tuple(found.values())


def _sentences(text: str) -> Iterator[str]:
    start = 0
    for match in SENTENCE_END.finditer(text):
        yield text[start : match.end()]
        start = match.end()
    yield text[start:]


def _proposed(sentence: str) -> Iterator[ProposedMention]:
    cues, named = list(_cues(sentence)), list(mentions(sentence))
    starts = [start for start, _, _ in named]
    for (start, end, substances), following in zip(named, [*starts, len(sentence)][1:], strict=True):
        before = [cue for cue in cues if cue[1] <= start]
        # The nearest rules; of those that end together, the longest.
        governing = max(before, key=lambda cue: (cue[1], -cue[0]), default=None)
        is_subject = governing is None or bool(SUBJECT.search(sentence[:start]))
        is_asked = _asked_after(sentence, end) or _stands_alone(sentence, starts[0])
        if (governing and governing[2]) or (is_subject and is_asked):
            yield sentence[start:end], _words(sentence, start, end, following), substances


def _cues(sentence: str) -> Iterator[tuple[int, int, bool]]:
    """Yield what says what is done with a medicine: start, end, and whether it proposes one."""
    for pattern in PROPOSING:
        for match in re.finditer(pattern, sentence, re.I):
            yield match.start(), match.end(), not _is_denied(sentence, match.start())
    for pattern in ASIDE:
        for match in re.finditer(pattern, sentence, re.I):
            yield match.start(), match.end(), False
    leaving = re.search(LEAVING, sentence, re.I)
    if leaving:
        yield leaving.start(), leaving.end(), False
        coming = re.search(COMING, sentence[leaving.end() :], re.I)
        if coming:
            # Longer than any other that ends there: it reaches back to the verb.
            yield leaving.start(), leaving.end() + coming.end(), not _is_denied(sentence, leaving.start())


def _is_denied(sentence: str, start: int) -> bool:
    before = sentence[max(0, start - REACH) : start]
    return bool(NOT_BEFORE.search(before)) and not ASKS_WHY_NOT.search(before)


def _asked_after(sentence: str, end: int) -> bool:
    """Whether a name without words before it is asked about: "is ibuprofen safe?", "ibuprofen ok?"."""
    rest = sentence[end:]
    is_question = sentence.rstrip().endswith("?") or bool(ASKS.match(sentence))
    asked = AFTER.search(rest)
    if not is_question or asked is None or NOT_NEW.match(rest):
        return False
    return not STILL_STOPPED.search(rest[: asked.start()])


def _stands_alone(sentence: str, first: int) -> bool:
    """Whether a short question begins with a name and says nothing of stopping: "Apixaban or warfarin for AF?"."""
    is_short = len(sentence.split()) <= SHORT and sentence.rstrip().endswith("?")
    begins = not sentence[:first].strip(" -*\t")
    return is_short and begins and not NOT_A_START.search(sentence)


def _words(sentence: str, start: int, end: int, following: int) -> str:
    """Return the name with the word before it and three after it, where these name no other medicine."""
    after = WORDS_AFTER.match(sentence[end:])
    until = min(end + (after.end() if after else 0), following)
    previous = ROUTE_BEFORE.search(sentence[max(0, start - REACH) : start])
    return f"{previous[0] if previous else ''}{sentence[start:until]}".strip()
