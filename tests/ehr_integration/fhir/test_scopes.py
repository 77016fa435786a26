import pytest
from hypothesis import given
from hypothesis import strategies as st

from ehr_integration.fhir.scopes import Scopes

LABORATORY = "http://terminology.hl7.org/CodeSystem/observation-category|laboratory"


@pytest.mark.parametrize(
    ("text", "resource_type", "permission", "params", "is_allowed"),
    [
        ("patient/Observation.rs", "Observation", "r", {}, True),
        ("patient/Observation.rs", "Observation", "s", {"category": "laboratory"}, True),
        ("patient/Observation.rs", "Condition", "s", {}, False),
        ("patient/Observation.r", "Observation", "s", {}, False),
        ("patient/Observation.read", "Observation", "s", {}, True),
        ("patient/Observation.write", "Observation", "r", {}, False),
        ("patient/*.read", "Condition", "r", {}, True),
        ("patient/*.*", "Condition", "d", {}, True),
        ("patient/Observation.sr", "Observation", "r", {}, False),  # not in the order c r u d s
        ("patient/Observation.", "Observation", "r", {}, False),
        ("launch openid fhirUser", "Patient", "r", {}, False),
        (
            f"patient/Observation.rs?category={LABORATORY}",
            "Observation",
            "s",
            {"category": "laboratory"},
            True,
        ),
        (
            f"patient/Observation.rs?category={LABORATORY}",
            "Observation",
            "s",
            {"category": "vital-signs"},
            False,
        ),
        (f"patient/Observation.rs?category={LABORATORY}", "Observation", "s", {}, False),
        (
            f"patient/Observation.rs?category={LABORATORY}",
            "Observation",
            "s",
            {"category": "laboratory,imaging"},
            False,
        ),
        (f"patient/Observation.rs?category={LABORATORY}", "Observation", "r", {}, True),
    ],
)
def test_what_a_scope_allows(text, resource_type, permission, params, is_allowed):
    assert Scopes.parse(text).allows(resource_type, permission, params) is is_allowed


def test_what_is_missing_is_named():
    needed = Scopes.parse("openid patient/Condition.rs patient/Observation.rs patient/Patient.r")
    granted = Scopes.parse("patient/Condition.s patient/*.read")
    assert granted.missing(needed) == ("openid",)
    assert Scopes.parse("openid patient/Condition.s").missing(needed) == (
        "patient/Condition.r",
        "patient/Observation.rs",
        "patient/Patient.r",
    )
    assert Scopes.parse("user/*.rs openid").missing(Scopes.parse("patient/Patient.r")) == (
        "patient/Patient.r",
    )


@pytest.mark.parametrize(
    ("granted", "asked", "used"),
    [
        ("patient/Condition.cruds", "patient/Condition.rs", "patient/Condition.rs"),
        ("user/*.cruds system/*.rs patient/Procedure.rs", "patient/Condition.rs", ""),
        (
            "patient/*.read",
            "patient/Condition.rs patient/Medication.r",
            "patient/Condition.rs patient/Medication.r",
        ),
        ("patient/Condition.rs", "patient/*.rs", "patient/Condition.rs"),
        ("patient/*.rs", "patient/*.r", "patient/*.r"),
        ("patient/Observation.rs?category=a", "patient/Observation.rs", "patient/Observation.rs?category=a"),
        (
            "patient/Observation.read",
            "patient/Observation.rs?category=a",
            "patient/Observation.rs?category=a",
        ),
        ("openid offline_access", "openid fhirUser", "openid"),
    ],
)
def test_what_is_used_was_both_granted_and_asked_for(granted, asked, used):
    assert str(Scopes.parse(granted).within(Scopes.parse(asked))) == used


def test_of_two_queries_a_search_must_meet_both():
    both = Scopes.parse("patient/Observation.rs?category=a,b").within(
        Scopes.parse("patient/Observation.rs?category=b,c")
    )
    assert Scopes.parse(str(both)) == both
    allowed = [code for code in "abc" if both.allows("Observation", "s", {"category": code})]
    assert allowed == ["b"]


@given(st.text(max_size=80))
def test_any_text_is_read_and_a_written_one_reads_the_same(text):
    scopes = Scopes.parse(text)
    assert Scopes.parse(str(scopes)) == scopes
