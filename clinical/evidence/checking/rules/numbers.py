"""Every number of a claim stands in the quote, of the same thing and in the same or an exactly equal unit."""

from collections.abc import Sequence
from dataclasses import replace

from clinical.evidence.checking.domain import Reason
from clinical.evidence.checking.rules.content import says_same_thing
from clinical.evidence.checking.rules.objection import Objection, surroundings
from clinical.evidence.checking.rules.quantity.reading import Bound, Kind, Quantity, read_quantities
from clinical.evidence.domain import Passage

# "about 50%" may stand for 48%.
ABOUT = 0.1
_DURATIONS = frozenset({"time", "calendar"})
_BARE_FACTORS = {"calendar": 12, "points": 1, "count": 1, "label": 1}
_YEARS = range(1900, 2100)


def objects(claim: str, passage: Passage) -> Objection | None:
    """Return the objection where a number of the claim is missing in the quote or another one there."""
    wanted = read_quantities(claim)
    if not wanted:
        return None
    written = read_quantities(passage.quote)
    around = read_quantities(surroundings(passage))
    missing = [
        each
        for each in wanted
        if not _is_among(each, written)
        and not _is_told_around(each, around)
        and not _is_year_in(each, passage.source.text)
    ]
    if not missing:
        return None
    if says_same_thing(claim, passage.quote) and any(_has_rival(each, wanted, written) for each in missing):
        return Objection(Reason.NUMBERS_DIFFER, contradicts=True)
    return Objection(Reason.NUMBER_NOT_FOUND)


def _is_among(wanted: Quantity, written: Sequence[Quantity]) -> bool:
    return any(_agrees(wanted, each) for each in written)


def _is_told_around(wanted: Quantity, around: Sequence[Quantity]) -> bool:
    """Whether title or headings name it: a stage, an age, a year, a duration; never a result."""
    is_setting = wanted.dimension in ("", *_DURATIONS) or wanted.dimension.startswith("label")
    return is_setting and wanted.kind is Kind.VALUE and _is_among(wanted, around)


def _is_year_in(wanted: Quantity, text: str) -> bool:
    return not wanted.dimension and int(wanted.low) in _YEARS and str(int(wanted.low)) in text


def _agrees(wanted: Quantity, written: Quantity) -> bool:
    written = _as_bare(written, wanted)
    if wanted.kind is not written.kind or wanted.dimension != written.dimension:
        return False
    # A value lies within a claimed limit; another limit is another statement, but for p-values.
    if wanted.kind is Kind.P_VALUE or (
        wanted.bound and not wanted.is_range and not written.is_range and not written.bound
    ):
        return _is_within(wanted, written)
    if wanted.bound is not written.bound and wanted.dimension not in _DURATIONS:
        return False
    return _is_equal(wanted, written)


def _as_bare(written: Quantity, wanted: Quantity) -> Quantity:
    """Return the quantity without its unit where the claim's number has none: "aged 65" is 65 years."""
    factor = _BARE_FACTORS.get(written.dimension.partition(" ")[0])
    if wanted.dimension or factor is None:
        return written
    return replace(written, low=written.low / factor, high=written.high / factor, dimension="")


def _is_within(wanted: Quantity, written: Quantity) -> bool:
    """Whether what is written lies within the claimed limit: p = 0.01 is p < 0.05."""
    if wanted.bound is Bound.BELOW:
        return written.bound is not Bound.ABOVE and written.high <= wanted.high
    if wanted.bound is Bound.ABOVE:
        return written.bound is not Bound.BELOW and written.low >= wanted.low
    return _is_equal(wanted, written) and written.bound is Bound.EXACT


def _is_equal(wanted: Quantity, written: Quantity) -> bool:
    """Whether they are equal as far as the claim writes them: 32% is 31.6%."""
    slack = wanted.precision / 2 if written.precision < wanted.precision else 0
    ends = ((wanted.low, written.low), (wanted.high, written.high))
    # A fraction in words ("a third", "one in five") is as rough as "about".
    if wanted.is_about or wanted.precision == 0:
        return all(abs(said - is_) <= abs(is_) * ABOUT for said, is_ in ends)
    return all(abs(said - is_) <= slack for said, is_ in ends)


def _has_rival(missing: Quantity, wanted: Sequence[Quantity], written: Sequence[Quantity]) -> bool:
    """Whether claim and quote hold one number each of this sort, so that the two speak of the same thing."""
    if not missing.dimension or missing.dimension.startswith("label") or missing.kind is not Kind.VALUE:
        return False
    said = [each for each in wanted if each.dimension == missing.dimension and each.kind is missing.kind]
    rivals = [each for each in written if each.dimension == missing.dimension and each.kind is missing.kind]
    return len(said) == len(rivals) == 1
