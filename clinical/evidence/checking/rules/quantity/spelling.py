"""A text whose numbers are written one way: digits for words, one dash, one decimal point, no separators."""

import re

_DIGITS = {word: value for value, word in enumerate(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen".split()
)}  # fmt: skip
_TENS = {word: 10 * value for value, word in enumerate(
    "twenty thirty forty fifty sixty seventy eighty ninety".split(), start=2
)}  # fmt: skip
_SCALES = {"hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9}
_WORD = "|".join(sorted((*_DIGITS, *_TENS, *_SCALES), key=len, reverse=True))
_NUMBER_WORDS = re.compile(rf"\b(?:{_WORD})(?:(?:[ -]|\sand\s)(?:{_WORD}))*(?=\b|fold)")
_SCALED = re.compile(r"\b(\d+(?:\.\d+)?) (thousand|million|billion)\b")
_SIGNS = (
    (re.compile("[\u2010-\u2015\u2212]"), "-"),
    (re.compile("[µμ]"), "u"),
    (re.compile(r"(?<=\d)[·∙•](?=\d)"), "."),
    (re.compile(r"(?<=\d)[\u2009\u00a0\u202f](?=\d{3}\b)"), ""),
    (re.compile(r"(?<=\d),(?=\d{3}(?:\D|$))"), ""),
    (re.compile("×"), "x"),
    (re.compile("½"), "0.5"),
)
# "one" alone is a pronoun as often as a number.
_IDIOMS = (
    (re.compile(r"\b(?:one[- ])?half of\b|\bby (?:one[- ])?half\b|\bhalf(?= (?:the|as|a)\b)|\bhalv(?:ed|es|ing)\b"), " 50% "),
    (re.compile(r"\b(?:one|a)[- ]third\b"), " 1/3 "),
    (re.compile(r"\btwo[- ]thirds\b"), " 2/3 "),
    (re.compile(r"\b(?:one|a)[- ]quarter\b"), " 25% "),
    (re.compile(r"\bthree[- ]quarters\b"), " 75% "),
    (re.compile(r"\b(?:one|a)[- ]fifth\b"), " 20% "),
    (re.compile(r"\b(?:one|a)[- ]tenth\b"), " 10% "),
    (re.compile(r"\bone (?=(?:in|out of) )"), "1 "),
    (re.compile(r"\bonce (?=daily|a day|per day|weekly|a week|per week|monthly)"), "1 times "),
    (re.compile(r"\btwice(?= (?:daily|a day|per day|weekly|a week|per week|monthly))"), "2 times"),
    (re.compile(r"\btwice\b|\b(?<!-)doubl(?:ed|es|ing)\b(?!-)"), " 2 fold "),
    (re.compile(r"\bthrice\b|\btripl(?:ed|es|ing)\b"), " 3 fold "),
    (re.compile(r"\bquadrupl(?:ed|es|ing)\b"), " 4 fold "),
)  # fmt: skip


def fold_numbers(text: str) -> str:
    """Return the text in lower case with its numbers in digits ("two hundred and sixty" as "260")."""
    text = text.casefold()
    for sign, plain in _SIGNS:
        text = sign.sub(plain, text)
    for idiom, digits in _IDIOMS:
        text = idiom.sub(digits, text)
    text = _NUMBER_WORDS.sub(_in_digits, text)
    return _SCALED.sub(lambda found: _plain(float(found[1]) * _SCALES[found[2]]), text)


def _in_digits(found: re.Match[str]) -> str:
    words = [word for word in re.split(r"[ -]|\sand\s", found[0]) if word != "and"]
    if words == ["one"] or (words[0] in _SCALES and len(words) == 1):
        return found[0]
    return f"{_number(words)} " if found.string[found.end() :].startswith("fold") else str(_number(words))


def _number(words: list[str]) -> int:
    total, group = 0, 0
    for word in words:
        if word in ("thousand", "million", "billion"):
            total, group = total + max(group, 1) * _SCALES[word], 0
        elif word == "hundred":
            group = max(group, 1) * _SCALES[word]
        else:
            group += _DIGITS.get(word, 0) + _TENS.get(word, 0)
    return total + group


def _plain(value: float) -> str:
    return str(int(value)) if value == int(value) else repr(value)
