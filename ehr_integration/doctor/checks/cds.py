"""The key set of the EHR's CDS client. Source: CDS Hooks 2.0.1, "Trusting CDS Clients"."""

from collections.abc import Iterator
from functools import partial

from ehr_integration.doctor.domain import Area, DoctorFinding, Severity
from ehr_integration.doctor.probe import Probe
from ehr_integration.errors import EhrError
from ehr_integration.jws.key_sets import keys_at

_finding = partial(DoctorFinding, area=Area.CDS)

USABLE = {"ES384", "RS384"}


def check(probe: Probe) -> Iterator[DoctorFinding]:
    """Yield whether calls of the EHR could be believed."""
    connection = probe.connection
    if not connection.cds_jku:
        yield _finding(
            "cds-not-registered", Severity.NOTE, "CDS Hooks is not registered: no cards are shown."
        )
        return
    try:
        keys = keys_at(connection.cds_jku, is_internal=connection.is_internal).keys
    except EhrError as error:
        yield _finding(
            "cds-keys-unreachable",
            Severity.ERROR,
            f"{error}.",
            "The key set of your CDS client (jku) cannot be read from us. Please make it reachable over https.",
        )
        return
    usable = [key for key in keys if key.get("alg", "ES384") in USABLE and key.get("kid")]
    if not usable:
        yield _finding(
            "cds-keys-unusable",
            Severity.ERROR,
            "No key of the set is for ES384 or RS384 with a kid.",
            "The key set of your CDS client holds no key with a kid for ES384 or RS384, which CDS Hooks 2.0.1 names.",
        )
        return
    yield _finding("cds", Severity.OK, f"{len(usable)} usable keys for CDS Hooks.")
