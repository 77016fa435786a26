"""Our tables say what BALP's own sources say, no more and no less."""

from pathlib import Path

import pytest

from audit.balp.kinds import IHE
from audit.balp.profiles.checking import PROFILES
from audit.balp.profiles.rules import Profile
from tests.audit.balp.fsh import Facts, Sources

FOLDER = Path(__file__).parents[4] / "shared" / "data" / "balp"
OURS = sorted(url.removeprefix(IHE) for url in PROFILES if url.startswith(IHE))


@pytest.fixture(scope="module")
def published() -> dict[str, Facts]:
    if not FOLDER.is_dir():
        pytest.skip("IHE BALP's profile sources are not on this machine")
    return Sources(FOLDER).profiles()


def facts_of(profile: Profile) -> Facts:
    return Facts(
        parent=profile.parent.removeprefix(IHE) or "AuditEvent",
        cardinalities={
            rule.path: (rule.low, rule.high) for rule in profile.rules if (rule.low, rule.high) != (0, None)
        },
        codes={rule.path: frozenset(rule.codes) for rule in profile.rules if rule.codes},
        observers=set(profile.observers),
        patients=set(profile.patients),
        closed=set(profile.closed),
    )


@pytest.mark.parametrize("name", OURS)
def test_our_table_agrees_with_the_published_profile(name: str, published: dict[str, Facts]) -> None:
    assert facts_of(PROFILES[f"{IHE}{name}"]) == published[f"IHE.BasicAudit.{name}"]


def test_the_profiles_are_those_that_this_record_can_claim() -> None:
    assert (
        sorted(
            [
                *("Create", "Read", "Update", "Delete", "Query"),
                *("PatientCreate", "PatientRead", "PatientUpdate", "PatientDelete", "PatientQuery"),
                *("PrivacyDisclosure.Source", "PrivacyDisclosure.Recipient", "AuthZconsent"),
                *("OAUTHaccessTokenUse.Opaque", "OAUTHaccessTokenUse.Minimal"),
            ]
        )
        == OURS
    )
