"""The CapabilityStatement: is it there, which FHIR, whose software. Source: FHIR R4, RESTful API, "capabilities"."""

from collections.abc import Iterator
from functools import partial

from ehr_integration.doctor.domain import UNREGISTERED, Area, DoctorFinding, Severity
from ehr_integration.doctor.probe import Probe
from ehr_integration.doctor.replies import Reply
from ehr_integration.fhir.capability import Capability, capability_of
from ehr_integration.fhir.vendors import recognised

_finding = partial(DoctorFinding, area=Area.METADATA)

PRIVATE = " A host with a private address is called only where the connection says so (register it with --internal)."
KNOWN_VERSIONS = ("4.0", "4.3", "5.0", "3.0")


def check(probe: Probe) -> Iterator[DoctorFinding]:
    """Yield what the EHR says of itself; what it declares is kept for the checks that follow."""
    reply = probe.get("metadata")
    probe.timings_ms["metadata"] = round(reply.milliseconds, 1)
    if not reply.status:
        yield _unreachable(reply, probe)
    elif reply.document.get("resourceType") not in ("CapabilityStatement", "Conformance"):
        yield _finding(
            "metadata-none",
            Severity.ERROR,
            f"[base]/metadata answered {reply.said}, and not with a CapabilityStatement as JSON.",
            "[base]/metadata does not answer with a CapabilityStatement as JSON (FHIR R4, RESTful API, capabilities). Is this the FHIR "
            "base URL, and does it answer without a sign-in page?",
        )
    else:
        probe.capability = capability_of(reply.document)
        yield from _about(probe.capability)
        yield from _product(probe.capability, probe)


def _unreachable(reply: Reply, probe: Probe) -> DoctorFinding:
    seen = "The base URL does not answer in time." if reply.is_late else "Nothing answers at the base URL."
    return _finding(
        "metadata-unreachable",
        Severity.ERROR,
        seen + ("" if probe.connection.is_internal else PRIVATE),
        f"[base]/metadata answers {reply.said}. Please check the base URL that you gave us, and that our address may "
        "reach it.",
    )


def _about(capability: Capability) -> Iterator[DoctorFinding]:
    version = capability.fhir_version or "no version"
    if not version.startswith(KNOWN_VERSIONS):
        yield _finding(
            "fhir-version",
            Severity.ERROR,
            f"FHIR {version[:20]} is not one that we read.",
            "Your server does not say that it speaks FHIR R4 (4.0.1), R4B, R5 or STU3. Please give us the R4 base URL.",
        )
    elif not version.startswith("4."):
        yield _finding(
            "fhir-version", Severity.NOTE, f"FHIR {version[:20]}: read, but R4 is what we know best."
        )
    if capability.formats and not any("json" in each for each in capability.formats):
        yield _finding(
            "metadata-format",
            Severity.ERROR,
            "JSON is not among the formats that the EHR declares.",
            "CapabilityStatement.format does not hold json or application/fhir+json, the only format that we read. "
            "Please enable it.",
        )
    software = " ".join([capability.software, capability.software_version]).strip() or "unnamed software"
    yield _finding("metadata", Severity.OK, f"FHIR {version[:20]}, {software[:80]}.")


def _product(capability: Capability, probe: Probe) -> Iterator[DoctorFinding]:
    connection = probe.connection
    vendor = recognised(
        base_url=connection.fhir_base_url, software=capability.software, publisher=capability.publisher
    )
    seen = vendor.id if vendor else ""
    if connection.name == UNREGISTERED:
        probe.vendor = seen
    elif (connection.vendor, connection.fhir_version) != (seen, capability.fhir_version[:3]):
        yield _finding(
            "registered-otherwise",
            Severity.NOTE,
            f"The product or FHIR version is another than was written down: `manage.py ehr register --name "
            f"{connection.name}` looks again.",
        )
    for quirk in vendor.quirks if vendor else ():
        yield _finding(
            "vendor", Severity.NOTE, f"{vendor.name if vendor else ''}: {quirk.note} ({quirk.source})"
        )
