"""A drug, gene or disease that the claim names is named in the quote, or where the quote stands."""

import re
from functools import cache
from itertools import pairwise

from clinical.evidence.checking.domain import Reason
from clinical.evidence.checking.rules.objection import Objection, surroundings
from clinical.evidence.domain import Passage, Source
from clinical.evidence.relevance.concepts import read_question
from clinical.evidence.relevance.synonyms import SAME
from clinical.evidence.relevance.words import stem_line

# Source: WHO, "The use of stems in the selection of International Nonproprietary Names", 2018: stems in use.
_DRUG = re.compile(
    r"\w{2,}(?:mab|nib|tinib|ciclib|pril|prilat|sartan|statin|olol|conazole|cillin|mycin|micin|floxacin|prazole|gliptin|gliflozin|"
    r"glutide|xaban|gatran|parin|setron|triptan|dipine|azepam|zolam|barbital|profen|coxib|lukast|terol|sone|solone|"
    r"vir|cycline|dronate|fibrate|glitazone|formin|grel|platin|rubicin|taxel|trexate|tidine|caine|curonium|oxetine|"
    r"afil|vaptan|semide|thiazide|zosin|tropium|kinra|cept|stim|poetin|bactam|penem|zolid|quine|mustine)s?\b"
)
_DISEASE = re.compile(
    r"\w{3,}(?:itis|emia|aemia|oma|omas|pathy|algia|plegia|rrhea|rrhoea|uria|sclerosis|philia)\b"
)
_NAME = re.compile(r"[A-Za-z0-9α-ω][\w\-+α-ω]*")
_ENDING = re.compile(
    r"-(?:like|class|dependent|independent|induced|mediated|related|associated|positive|negative|binding|specific|[a-z]{4,})$"
)
# The claim gives the long form beside it: "chronic kidney disease (CKD)".
_EXPLAINED = re.compile(r"(?<=[a-z] )\([A-Za-z][\w-]{1,9}\)")
_NOT_NAMES = frozenset(
    "diagnosis prognosis analysis basis coma soma in-vitro apoptosis mitosis meiosis".split()
)
_GREEK = str.maketrans("αβγδεκλμ", "abgdeklm")
_GREEK_WORDS = re.compile(r"alpha|beta|gamma|delta|epsilon|kappa|lambda")
_FAMILIES = (("interleukin", "il"), ("interferon", "ifn"))
_MEMBER = re.compile(r"([A-Za-z]{2,})-?[A-Z]?\d{1,2}")
_LETTERS_OR_DIGITS = re.compile(r"[a-z]+|\d+")
_DEFINITION = re.compile(r"((?:[\w-]+\s+){1,12})\(\s*([A-Za-z][\w-]{1,9}?)s?\s*[);,]")
_PIECE = re.compile(r"[A-Za-z0-9α-ω+]+")
_JOINTS = re.compile(r"[-+]")
# A longer one with a hyphen is two names: "anti-interleukin-2", "RANK-RANKL".
_LONGEST_SIMPLE = 7
_RUN_LENGTHS = (2, 3, 4)
# Fewer letters stand in a row by chance.
_SHORTEST_BY_INITIALS = 4
_ROMAN = re.compile(r"[IVX]+")
_SHORTEST = 2


def objects(claim: str, passage: Passage) -> Objection | None:
    """Return the objection where a drug or disease of the claim is nowhere about the quote, or another member is.

    Other names that the source lacks (genes, abbreviations) may stand there under a name that no list has; they only
    weigh with the trained model (`missing_names`).
    """
    near = " ".join((passage.quote, surroundings(passage), *passage.source.mesh))
    missing = [name for name in names(claim) if not _is_named(name, near, passage.source.text)]
    if any(is_drug(name) or is_disease(name) or _has_rival(name, near) for name in missing):
        return Objection(Reason.NAME_NOT_FOUND)
    return None


def missing_names(claim: str, source: Source) -> tuple[str, ...]:
    """Return the claim's names that the whole source does not hold."""
    place = " ".join((source.title, *source.mesh, source.text))
    return tuple(name for name in names(claim) if not _is_named(name, place, source.text))


def is_disease(name: str) -> bool:
    """Whether the name ends as names of diseases do, or is one of the clinicians' abbreviations that are known here."""
    return _DISEASE.fullmatch(name.lower()) is not None or stem_line(name).strip() in _known()


@cache
def _known() -> frozenset[str]:
    return frozenset(stem_line(name).strip() for group in SAME for name in group)


def is_drug(name: str) -> bool:
    """Whether the name ends as international nonproprietary names do."""
    return _DRUG.fullmatch(name.lower()) is not None


def names(text: str) -> tuple[str, ...]:
    """Return the words that are names of things: drugs and diseases by their endings, genes and abbreviations by their letters."""
    words = (_ENDING.sub("", word) for word in _NAME.findall(_EXPLAINED.sub(" ", text)))
    return tuple(word for word in dict.fromkeys(words) if _is_name(word))


def _is_name(word: str) -> bool:
    lower = word.lower()
    if lower in _NOT_NAMES or len(word) < _SHORTEST or _ROMAN.fullmatch(word):
        return False
    if _DRUG.fullmatch(lower) or _DISEASE.fullmatch(lower):
        return True
    letters = re.sub(r"[^A-Za-z]", "", word)
    has_digit = any(each.isdigit() for each in word)
    capitals = sum(each.isupper() for each in letters)
    return bool(letters) and (capitals > 1 or (has_digit and not word[0].isdigit()))


def _is_named(name: str, place: str, text: str) -> bool:
    """Whether the place holds the name: under a synonym, spelled apart, in full, or by its initials."""
    line = stem_line(place)
    if any(f" {saying} " in line for saying in _sayings(name)):
        return True
    singular = name[:-1] if name.endswith("s") and name[:-1].isupper() else name
    squeezed = _squeezed(singular)
    if squeezed in _words_joined(place):
        return True
    if len(squeezed) >= _SHORTEST_BY_INITIALS and squeezed in _initials(place):
        return True
    if _is_family(singular, place) or any(part in place.lower() for part in _spelled_out(singular, text)):
        return True
    parts = [part for part in _JOINTS.split(name) if len(part) >= _SHORTEST]
    return (
        len(parts) > 1
        and len(squeezed) > _LONGEST_SIMPLE
        and all(_is_named(part, place, text) for part in parts)
    )


def _is_family(name: str, place: str) -> bool:
    """Whether the place names the family and no member of it: HIV for HIV-1, not IL-8 for IL-6."""
    after = _after_family(name, place)
    return bool(after) and not any(following.isdigit() for following in after)


def _has_rival(name: str, place: str) -> bool:
    """Whether the place names another member of the family."""
    return any(following.isdigit() for following in _after_family(name, place))


def _after_family(name: str, place: str) -> frozenset[str]:
    """Return what follows the family's name wherever it stands."""
    found = _MEMBER.fullmatch(name)
    if not found:
        return frozenset()
    words = _LETTERS_OR_DIGITS.findall(place.lower())
    return frozenset(following for word, following in pairwise([*words, ""]) if word == found[1].lower())


def _sayings(name: str) -> tuple[str, ...]:
    """Return the name and its synonyms, in stems."""
    line = stem_line(name).strip()
    concepts = read_question(name, lambda _: 1, 1)
    # Of "IL-6" the question's reader keeps "IL", which would be any interleukin.
    whole = [concept for concept in concepts if stem_line(concept.words).strip() == line]
    return (line, *(saying for concept in whole for saying in concept.sayings))


def _squeezed(text: str) -> str:
    """Return letters and digits alone, in one alphabet: IL-6, IL 6 and interleukin-6 are "il6"."""
    folded = _GREEK_WORDS.sub(lambda found: found[0][0], text.lower().translate(_GREEK))
    for long, short in _FAMILIES:
        folded = folded.replace(long, short)
    return re.sub(r"[^a-z0-9]", "", folded)


def _words_joined(text: str) -> frozenset[str]:
    """Return each word, and neighbouring words as one: IL-6 and IL 6 are "il6", and IL-10 holds no "il1"."""
    words = [_squeezed(word) for word in _PIECE.findall(text)]
    singulars = [word.removesuffix("s") for word in words]
    runs = ("".join(words[at : at + length]) for at in range(len(words)) for length in _RUN_LENGTHS)
    return frozenset((*words, *singulars, *runs))


def _initials(text: str) -> str:
    """Return the first letters of all words, numbers whole: "binding protein-2" as "bp2"."""
    words = _LETTERS_OR_DIGITS.findall(text.lower())
    return "".join(word if word.isdigit() else word[0] for word in words)


def _spelled_out(name: str, text: str) -> tuple[str, ...]:
    """Return the long form that the source gives for an abbreviation: "endoplasmic reticulum (ER)"."""
    defined = (found[1] for found in _DEFINITION.finditer(text) if _squeezed(found[2]) == _squeezed(name))
    words = next(defined, "").lower().split()[-len(name) - 2 :]
    first = next((at for at in range(len(words)) if words[at][0] == name[0].lower()), len(words))
    return (" ".join(words[first:]),) if first < len(words) else ()
