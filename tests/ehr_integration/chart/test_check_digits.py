"""A code that cannot be one of its system is unknown: digits get lost and swapped on the way."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ehr_integration.chart.check_digits import is_loinc, may_be_code
from ehr_integration.chart.reading.elements import LOINC, RXNORM, SNOMED_CT
from ehr_integration.chart.reading.pregnancies import CONDITIONS
from ehr_integration.chart.reading.values import EXPECTED_DATE, PREGNANCY_STATUS, WITHOUT_UNIT
from ehr_integration.chart.units.analytes import BY_CODE

# Published examples: the specifications' own, and codes of US Core.
SNOMED_CT_CODES = ["74400008", "900000000000207008", "152231000119106", "44054006", "10000006"]
LOINC_CODES = ["2160-0", "8867-4", "82810-3", "10535-3", "1-8", "LA15173-0", "LP29708-2"]


@pytest.mark.parametrize("code", SNOMED_CT_CODES)
def test_every_other_last_digit_of_a_snomed_ct_code_is_wrong(code):
    others = [code[:-1] + digit for digit in "0123456789"]
    assert [other for other in others if may_be_code(SNOMED_CT, other)] == [code]


@given(code=st.sampled_from(SNOMED_CT_CODES), at=st.integers(0, 16))
def test_two_digits_swapped_make_no_snomed_ct_code(code, at):
    at = at % (len(code) - 1)
    swapped = code[:at] + code[at + 1] + code[at] + code[at + 2 :]
    assert may_be_code(SNOMED_CT, swapped) is (swapped == code)


@pytest.mark.parametrize("code", LOINC_CODES)
def test_loinc_codes_are_known_by_their_check_digit(code):
    assert is_loinc(code)


@pytest.mark.parametrize(
    "code", ["2160-1", "2160", "2160-", "-0", "", "21600", "x-1", "LA-1", "٢-1", "2160-00"]
)
def test_what_cannot_be_a_loinc_code(code):
    assert not is_loinc(code)


@pytest.mark.parametrize(
    ("system", "code", "expected"),
    [
        (RXNORM, "855333", True),
        (RXNORM, "warfarin", False),
        (SNOMED_CT, "12345", False),
        (SNOMED_CT, "warfarin", False),
        (LOINC, "CREAT", False),
        ("urn:local", "anything", True),
    ],
)
def test_each_system_has_its_rule(system, code, expected):
    assert may_be_code(system, code) is expected


def test_every_code_that_the_chart_knows_can_be_one():
    assert [code for code in BY_CODE if not is_loinc(code)] == []
    assert [code for code in PREGNANCY_STATUS | EXPECTED_DATE | WITHOUT_UNIT if not is_loinc(code)] == []
    assert [code for code in CONDITIONS if not may_be_code(SNOMED_CT, code)] == []
