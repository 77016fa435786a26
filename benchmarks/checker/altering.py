"""Claims made false: opposite directions, negation put in or taken out, other numbers, other subjects."""

import random
import re
from collections.abc import Callable

# Each row is a pair of opposites in the same form; both directions are used.
_OPPOSITES = """
increase decrease|increases decreases|increased decreased|increasing decreasing|higher lower|highest lowest
greater smaller|improve worsen|improves worsens|improved worsened|improvement deterioration|better worse
promotes inhibits|promote inhibit|promoted inhibited|activates suppresses|activate suppress|activated suppressed
activation inhibition|enhances impairs|enhance impair|enhanced impaired|elevated reduced|elevates reduces
elevate reduce|raises lowers|raised lowered|upregulated downregulated|upregulates downregulates
upregulation downregulation|up-regulated down-regulated|positive negative|positively negatively|longer shorter
stimulates blocks|stimulate block|stimulated blocked|effective ineffective|more less|superior inferior
sufficient insufficient|necessary unnecessary|beneficial harmful|high low|gain loss|presence absence
common rare|sensitive resistant|strong weak|facilitates hinders|accelerates delays|accelerated delayed
induces prevents|induce prevent|induced prevented|protects endangers|safe unsafe|early late|faster slower
stronger weaker|larger lesser|overexpression silencing|augments attenuates
augmented attenuated|augment attenuate|exacerbates alleviates|exacerbated alleviated|exacerbate alleviate
deficient abundant|hyperactive hypoactive|favourable unfavourable|favorable unfavorable|many few
"""
_OPPOSITE: dict[str, str] = {}
for _pair in _OPPOSITES.replace("\n", "|").strip("|").split("|"):
    _one, _other = _pair.split()
    _OPPOSITE[_one] = _other
    _OPPOSITE[_other] = _one

_VERBS = """
increase decrease improve promote inhibit activate suppress enhance impair reduce raise lower regulate stimulate block
induce prevent protect affect lead contribute mediate require modulate predict correlate reveal play
drive trigger alter influence determine maintain restore attenuate exacerbate alleviate accelerate delay
facilitate confer provide represent act bind interact encode express produce occur exhibit show display
enable participate decline differ generate interfere involve phosphorylate repress
""".split()


def _third(base: str) -> str:
    if base.endswith("y") and base[-2] not in "aeiou":
        return base[:-1] + "ies"
    return base + ("es" if base.endswith(("s", "sh", "ch", "x")) else "s")


_IRREGULAR_PAST = {
    "lead": "led", "drive": "drove", "bind": "bound", "confer": "conferred", "occur": "occurred",
}  # fmt: skip


def _past(base: str) -> str:
    return _IRREGULAR_PAST.get(base, base + ("d" if base.endswith("e") else "ed"))


BASE_OF_VERB = {_third(base): base for base in _VERBS}
_AUXILIARY = r"is|are|was|were|can|could|may|might|will|would|should|has been|have been|had been"
_AUXILIARIES = re.compile(rf"\b({_AUXILIARY})\b(?! not\b| no\b)", re.IGNORECASE)
_NEGATED_AUXILIARY = re.compile(rf"\b({_AUXILIARY}) not\b", re.IGNORECASE)
_NEGATED_VERB = re.compile(r"\b(does|do|did) not ([a-z]+)\b")
_NO = re.compile(
    r"\b[Nn]o (?=(?:significant |clear |statistically significant )?(?:effect|association|difference|"
    r"relationship|evidence|correlation|benefit|improvement|increase|decrease|impact|role|change))"
)
_WORD = re.compile(r"[A-Za-z][A-Za-z-]*")
_NUMBER = re.compile(r"(?<![\w.-])\d+(?:\.\d+)?(?![\w-])")
_ENTITY = re.compile(r"^(?=.*[A-Z0-9])(?=.*[A-Z])[A-Za-z0-9α-ωΑ-Ω]+(?:-[A-Za-z0-9α-ω]+)*$")
_KINDS = (
    "men women children adults adolescents infants neonates".split(),
    "mice rats humans pigs zebrafish monkeys dogs".split(),
    "stroke diabetes asthma cancer hypertension depression obesity pneumonia tuberculosis malaria epilepsy".split(),
    "liver lung brain kidney heart breast colon prostate ovary skin pancreas bladder".split(),
    "mortality survival relapse pain fatigue recurrence hospitalization progression".split(),
)
_KIND_OF = {word: kind for kind in _KINDS for word in kind}


def is_declarative(text: str) -> bool:
    """Return whether a title or sentence says that something is so (a known verb, no question)."""
    words = text.split()
    if not 5 <= len(words) <= 32 or "?" in text or ":" in text:
        return False
    rest = " ".join(words[1:])
    stated = (_AUXILIARIES, _NEGATED_AUXILIARY, _NEGATED_VERB)
    return any(word in BASE_OF_VERB for word in words[1:]) or any(each.search(rest) for each in stated)


def turned(text: str, choose: random.Random) -> str | None:
    """Return the text with one direction word replaced by its opposite; None where it has none."""
    places = [match for match in _WORD.finditer(text) if match.group().lower() in _OPPOSITE]
    if not places:
        return None
    place = choose.choice(places)
    other = _OPPOSITE[place.group().lower()]
    other = other.capitalize() if place.group()[0].isupper() else other
    return text[: place.start()] + other + text[place.end() :]


def negated(text: str) -> str | None:
    """Return the text with its first verb negated, or its negation taken out; None where neither is found."""
    return _without_negation(text) or _with_negation(text)


def _without_negation(text: str) -> str | None:
    for pattern, change in _AFFIRMING:
        changed, count = pattern.subn(change, text, count=1)
        if count:
            return changed
    return None


def _affirmed(found: re.Match[str]) -> str:
    helper, base = found.groups()
    return _third(base) if helper == "does" else _past(base) if helper == "did" else str(base)


def _first_group(found: re.Match[str]) -> str:
    return str(found.group(1))


def _article(found: re.Match[str]) -> str:
    return "A " if found.group().startswith("N") else "a "


def _some(_: re.Match[str]) -> str:
    return "Some "


_AFFIRMING: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...] = (
    (_NEGATED_AUXILIARY, _first_group),
    (_NEGATED_VERB, _affirmed),
    (_NO, _article),
    (re.compile(r"^No "), _some),
)


def _with_negation(text: str) -> str | None:
    auxiliary = _AUXILIARIES.search(text)
    verb = next(
        (word for word in _WORD.finditer(text) if word.group() in BASE_OF_VERB and word.start()), None
    )
    if auxiliary and (verb is None or auxiliary.start() < verb.start()):
        return _after_first_word(text, auxiliary)
    return (
        f"{text[: verb.start()]}does not {BASE_OF_VERB[verb.group()]}{text[verb.end() :]}" if verb else None
    )


def _after_first_word(text: str, auxiliary: re.Match[str]) -> str:
    first = auxiliary.group().split()[0]
    end = auxiliary.start() + len(first)
    return f"{text[:end]} not{text[end:]}"


def renumbered(text: str, choose: random.Random) -> str | None:
    """Return the text with one number made clearly another; None where it has none."""
    places = list(_NUMBER.finditer(text))
    if not places:
        return None
    place = choose.choice(places)
    value = float(place.group())
    decimals = len(place.group().partition(".")[2])
    changed = value * choose.choice((0.2, 0.4, 0.5, 2.0, 3.0, 5.0)) or 7.0
    written = f"{changed:.{decimals}f}"
    return None if written == place.group() else text[: place.start()] + written + text[place.end() :]


def shared_subjects(claim: str, sentence: str) -> list[str]:
    """Return the claim's names (genes, drugs by code, populations, organs) that the sentence has too."""
    held = {word.strip("(),.;").lower() for word in sentence.split()}
    words = [word.strip("(),.;") for word in claim.split()]
    return [word for word in words if word.lower() in held and (is_name(word) or word.lower() in _KIND_OF)]


def is_name(word: str) -> bool:
    """Return whether a word looks like the name of a gene, protein, drug or trial: capitals or digits inside."""
    return len(word) > 2 and _ENTITY.match(word) is not None and any(c.isupper() for c in word[1:])


def resubjected(claim: str, subject: str, names: list[str], choose: random.Random) -> str:
    """Return the claim about another subject of the same kind."""
    kind = _KIND_OF.get(subject.lower(), names)
    other = choose.choice([name for name in kind if name.lower() != subject.lower()])
    return claim.replace(subject, other)


def direction_words(text: str) -> int:
    """Return how many of the text's words have an opposite."""
    return sum(word.lower() in _OPPOSITE for word in _WORD.findall(text))


def is_negated(text: str) -> bool:
    """Return whether the text denies something, in a way that `negated` can take out."""
    return _without_negation(text) is not None
