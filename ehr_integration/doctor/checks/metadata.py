"""The CapabilityStatement: is it there, which FHIR, whose software. Source: FHIR R4, 3.1.0.1 (capabilities)."""

from collections.abc import Iterator
from functools import partial

from ehr_integration.doctor.domain import Area, DoctorFinding, Severity
from ehr_integration.doctor.probe import Probe
from ehr_integration.fhir.capability import Capability, capability_of
from ehr_integration.fhir.vendors import recognised

_finding = partial(DoctorFinding, area=Area.METADATA)

PRIVATE = " A host with a private address is called only where the connection says so (register it with --internal)."
KNOWN_VERSIONS = ("4.0", "4.3", "5.0", "3.0")


def check(probe: Probe) -> Iterator[DoctorFinding]:
    """Yield what the EHR says of itself."""
    reply = probe.get("metadata")
    probe.timings_ms["metadata"] = round(reply.milliseconds, 1)
    if reply.status == 0:
        yield _finding(
            "metadata-unreachable",
            Severity.ERROR,
            "Nothing answers at the base URL." + ("" if probe.connection.is_internal else PRIVATE),
            "Nothing answers at [base]/metadata. Please check the base URL that you gave us, and that our address may "
            "reach it.",
        )
        return
    if reply.document.get("resourceType") not in ("CapabilityStatement", "Conformance"):
        yield _finding(
            "metadata-none",
            Severity.ERROR,
            f"[base]/metadata answered {reply.status}, and not with a CapabilityStatement.",
            "[base]/metadata does not answer with a CapabilityStatement as JSON (FHIR R4, 3.1.0.1). Is this the FHIR "
            "base URL?",
        )
        return
    yield from _about(capability_of(reply.document), probe)


def _about(capability: Capability, probe: Probe) -> Iterator[DoctorFinding]:
    version = capability.fhir_version or "no version"
    if not version.startswith(KNOWN_VERSIONS):
        yield _finding(
            "fhir-version",
            Severity.ERROR,
            f"FHIR {version} is not one that we read.",
            "Your server does not say that it speaks FHIR R4 (4.0.1), R4B, R5 or STU3. Please give us the R4 base URL.",
        )
    elif not version.startswith("4."):
        yield _finding("fhir-version", Severity.NOTE, f"FHIR {version}: read, but R4 is what we know best.")
    software = " ".join([capability.software, capability.software_version]).strip() or "unnamed software"
    yield _finding("metadata", Severity.OK, f"FHIR {version}, {software[:80]}.")
    vendor = recognised(
        base_url=probe.connection.fhir_base_url, software=capability.software, publisher=capability.publisher
    )
    for quirk in vendor.quirks if vendor else ():
        yield _finding(
            "vendor", Severity.NOTE, f"{vendor.name if vendor else ''}: {quirk.note} ({quirk.source})"
        )
