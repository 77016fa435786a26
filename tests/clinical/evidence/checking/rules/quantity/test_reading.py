"""Numbers are read with what they count, whichever way they are written."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinical.evidence.checking.rules.quantity.reading import Bound, Kind, Quantity, read_quantities


def one(text: str) -> Quantity:
    [found] = read_quantities(text)
    return found


@pytest.mark.parametrize(
    ("one_way", "another"),
    [
        ("1,000 patients", "1000 patients"),
        ("500 mg", "0.5 g"),
        ("250 µg", "0.25 mg"),
        ("250 mcg", "250 micrograms"),
        ("2 weeks", "14 days"),
        ("24 months", "2 years"),
        ("48 hours", "2 days"),
        ("5 mg/dL", "0.05 g/L"),
        ("10 mg/kg/day", "10 mg/kg per day"),
        ("40 mg daily", "40 mg a day"),
        ("140 mm Hg", "140 mmHg"),
        ("60 mL/min/1.73 m2", "60 ml/min"),
        ("half of the patients", "50%"),
        ("50 percent", "50 %"),
        ("one in five", "20%"),
        ("30 of 120", "25%"),
        ("a quarter", "25%"),
        ("twice as high", "2-fold"),
        ("doubled", "two-fold"),
        ("tripled", "threefold"),
        ("two hundred and sixty women", "260 women"),
        ("twenty-five mg", "25 mg"),
        ("1.5 million", "1,500,000"),
        ("15–30 mg", "15 to 30 mg"),
        ("between 15 and 30 mg", "15-30 mg"),
        ("5·3 mg", "5.3 mg"),
        ("1.2 x 10(6) cells", "1,200,000 cells"),
    ],
)
def test_two_ways_to_write_a_quantity_are_one(one_way: str, another: str) -> None:
    first, second = one(one_way), one(another)
    assert (first.low, first.high, first.dimension) == (second.low, second.high, second.dimension)


@pytest.mark.parametrize(
    "text",
    [
        "IL-6 and CD4+",
        "COVID-19",
        "5-HT",
        "4-PBA",
        "p53",
        "HbA1c",
        "CHA2DS2-VASc",
    ],
)
def test_a_number_in_a_name_counts_nothing(text: str) -> None:
    assert read_quantities(text) == ()


def test_ratios_p_values_and_intervals_are_told_apart() -> None:
    ratio, level, interval, p = read_quantities("HR 0.75, 95% CI 0.60-0.94; P < 0.05")
    assert (ratio.dimension, level.kind, interval.kind, p.kind) == (
        "ratio",
        Kind.LEVEL,
        Kind.INTERVAL,
        Kind.P_VALUE,
    )
    assert (interval.low, interval.high) == (Fraction(3, 5), Fraction(47, 50))


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        ("more than 5 mg", Bound.ABOVE),
        ("≥ 5 mg", Bound.ABOVE),
        ("at most 5 mg", Bound.BELOW),
        ("5 mg", Bound.EXACT),
    ],
)
def test_a_limit_is_no_value(text: str, bound: Bound) -> None:
    assert one(text).bound is bound


@given(st.text(max_size=60))
def test_any_text_can_be_read(text: str) -> None:
    read_quantities(text)


@given(st.integers(min_value=13, max_value=10**7))
def test_a_number_with_separators_is_the_number(number: int) -> None:
    assert one(f"{number:,} patients").low == number
