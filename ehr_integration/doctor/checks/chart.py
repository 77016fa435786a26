"""What the record of the patient tried is like: read as a chart is, its findings counted. No fact of it is told."""

from collections import Counter
from collections.abc import Iterator
from functools import partial
from typing import Any

from django.utils.timezone import localdate

from ehr_integration.chart.assembling import assembled
from ehr_integration.chart.domain import Category, Chart, FindingCode
from ehr_integration.chart.normalise import normalise
from ehr_integration.chart.reading.medications import named, unnamed_medication
from ehr_integration.chart.reading.patients import read_patient
from ehr_integration.chart.shape import departure_in_shape
from ehr_integration.chart.validity import departure_from_r4
from ehr_integration.doctor.domain import Area, DoctorFinding, Severity
from ehr_integration.doctor.probe import Probe

_finding = partial(DoctorFinding, area=Area.CHART)

R4 = "4."
MEDICATIONS_TRIED = 3
# What the EHR team can mend; what is merely old or twice there is the ward's.
TO_TELL = {
    FindingCode.MISSING_UNIT: "numeric results without a unit (Observation.valueQuantity)",
    FindingCode.UNKNOWN_UNIT: "units that are not UCUM (Quantity.code)",
    FindingCode.IMPOSSIBLE_VALUE: "values that cannot be",
    FindingCode.UNKNOWN_CODE: "entries without a code of a system that we know (RxNorm, LOINC, SNOMED CT, ICD-10)",
    FindingCode.INVALID_RESOURCE: "resources that are not valid FHIR",
}


def check(probe: Probe) -> Iterator[DoctorFinding]:
    """Yield whether the patient and their medicines can be read, and how many findings of each code the record has."""
    if not probe.patient_id:
        return
    reply = probe.read("Patient", probe.patient_id)
    if reply.status != 200 or reply.document.get("resourceType") != "Patient":
        yield _finding(
            "patient-refused",
            Severity.ERROR,
            f"The read of a Patient answered {reply.said}.",
            f"GET [base]/Patient/[id] answers {reply.said}, and not with a Patient (FHIR R4, RESTful API, read). Every question "
            "needs it: please enable it for our client.",
        )
        return
    yield from _medicines(probe)
    chart = _chart(dict(reply.document), probe)
    counts = Counter(finding.code for finding in chart.findings)
    yield _finding("chart", Severity.OK, f"Facts of the patient that could be read: {len(chart.facts)}.")
    if counts:
        yield _quality(counts)


def _chart(person: dict[str, Any], probe: Probe) -> Chart:
    version = probe.capability.fhir_version if probe.capability else R4
    holds = departure_from_r4 if version.startswith(R4) else departure_in_shape
    parts = [
        normalise(category, probe.resources.get(category.value, []), check=holds) for category in Category
    ]
    return assembled(read_patient(person), parts, findings=(), on=localdate())


def _medicines(probe: Probe) -> Iterator[DoctorFinding]:
    """Name the orders that only refer to a Medication; yield where those cannot be read."""
    orders = probe.resources.get(Category.MEDICATIONS.value, [])
    tried = dict.fromkeys(each for each in map(unnamed_medication, orders) if each)
    for medication_id in list(tried)[:MEDICATIONS_TRIED]:
        reply = probe.read("Medication", medication_id)
        if reply.status != 200 or reply.document.get("resourceType") != "Medication":
            yield _finding(
                "medication-refused",
                Severity.ERROR,
                f"The read of a Medication that an order refers to answered {reply.said}.",
                f"GET [base]/Medication/[id] answers {reply.said}, and MedicationRequests name their medicine only by "
                "such a reference. Please enable it for our client (scope Medication.r).",
            )
            return
        orders[:] = [
            named(order, medication=dict(reply.document))
            if unnamed_medication(order) == medication_id
            else order
            for order in orders
        ]


def _quality(counts: Counter[FindingCode]) -> DoctorFinding:
    said = ", ".join(f"{number} {code.value}" for code, number in sorted(counts.items()))
    to_tell = "; ".join(f"{counts[code]} {words}" for code, words in TO_TELL.items() if counts[code])
    return _finding(
        "chart-quality",
        Severity.NOTE,
        f"Findings in the patient's record: {said}.",
        f"In the record of the patient that we tried there are: {to_tell}. Please look how these are filled."
        if to_tell
        else "",
    )
