"""Whether a code can be one of its system: LOINC and SNOMED CT end in a check digit, RxNorm is a number."""

from ehr_integration.chart.reading.elements import LOINC, RXNORM, SNOMED_CT

# The permutation of Verhoeff's check digit, which lies in the dihedral group of ten elements.
# Source: SNOMED CT Release File Specifications, "Check-digit computation"; Verhoeff, Error Detecting Decimal Codes, 1969.
PERMUTED = (1, 5, 7, 6, 2, 8, 3, 0, 9, 4)
LOINC_DIGITS = range(1, 8)
SNOMED_CT_DIGITS = range(6, 19)
RXNORM_DIGITS = range(1, 9)


def may_be_code(system: str, code: str) -> bool:
    """Whether the code is well formed; True for systems that have no such rule."""
    if system == LOINC:
        return is_loinc(code)
    if system == SNOMED_CT:
        return _is_number(code, SNOMED_CT_DIGITS) and _verhoeff(code) == 0
    return system != RXNORM or _is_number(code, RXNORM_DIGITS)


def is_loinc(code: str) -> bool:
    """Whether the text is a LOINC code with the right check digit, or looks like a part or an answer ("LP...", "LA...").

    Source: LOINC Users' Guide, appendix "Calculating Mod 10 check digits".
    """
    number, _, digit = code.partition("-")
    if number.startswith(("LP", "LA")):
        return _is_number(number[2:], LOINC_DIGITS) and _is_number(digit, range(1, 2))
    return _is_number(number, LOINC_DIGITS) and digit == str(_mod_10(number))


def _is_number(text: str, digits: range) -> bool:
    return text.isascii() and text.isdigit() and len(text) in digits


def _mod_10(number: str) -> int:
    doubled = [sum(divmod(2 * int(digit), 10)) for digit in number[::-2]]
    return -(sum(doubled) + sum(map(int, number[-2::-2]))) % 10


def _verhoeff(number: str) -> int:
    """Return 0 where the last digit is the check digit of those before it."""
    total = 0
    for place, digit in enumerate(reversed(number)):
        permuted = int(digit)
        for _ in range(place % 8):
            permuted = PERMUTED[permuted]
        total = _product(total, permuted)
    return total


def _product(one: int, other: int) -> int:
    """Return the product in the dihedral group: below 5 rotations, from 5 on reflections."""
    turn = other if one < 5 else -other
    return (one + turn) % 5 + (5 if (one < 5) != (other < 5) else 0)
