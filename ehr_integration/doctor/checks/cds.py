"""The key set of the EHR's CDS client. Source: CDS Hooks 2.0.1, "Trusting CDS Clients"."""

from collections.abc import Iterator
from functools import partial

from ehr_integration.cds_hooks.client_tokens import ALGORITHMS
from ehr_integration.doctor.domain import Area, DoctorFinding, Severity
from ehr_integration.doctor.key_sets import usable_keys
from ehr_integration.doctor.probe import Probe

_finding = partial(DoctorFinding, area=Area.CDS)


def check(probe: Probe) -> Iterator[DoctorFinding]:
    """Yield whether calls of the EHR could be believed."""
    connection = probe.connection
    if not connection.cds_jku:
        yield _finding(
            "cds-not-registered", Severity.NOTE, "CDS Hooks is not registered: no cards are shown."
        )
        return
    reply = probe.fetch(connection.cds_jku)
    if reply.status != 200 or not isinstance(reply.document.get("keys"), list):
        yield _finding(
            "cds-keys-unreachable",
            Severity.ERROR,
            f"The key set (jku) answered {reply.said}, or is no key set.",
            "The key set of your CDS client (jku) cannot be read from us (CDS Hooks 2.0.1, Trusting CDS Clients). Please "
            "make it reachable over https.",
        )
        return
    usable = usable_keys(reply, algorithms=ALGORITHMS)
    if not usable:
        yield _finding(
            "cds-keys-unusable",
            Severity.ERROR,
            "No key of the set is for ES384 or RS384 with a kid.",
            "The key set of your CDS client holds no key with a kid for ES384 or RS384, which CDS Hooks 2.0.1 names.",
        )
        return
    yield _finding("cds", Severity.OK, f"Usable keys for CDS Hooks: {usable}.")
