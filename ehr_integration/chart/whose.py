"""Whose record was sent: one patient's, or no chart is made."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from ehr_integration.chart.domain import Finding, FindingCode
from ehr_integration.chart.entries import Entries, Entry, absolute, without_version
from ehr_integration.chart.reading.elements import JsonObject, child, words
from ehr_integration.chart.reading.readings import unreadable
from ehr_integration.errors import ChartRefusal, ChartRefused
from ehr_integration.fhir.json_values import objects
from ehr_integration.fhir.origin import is_fhir_id

IDENTIFYING = ("birthDate", "gender")


@dataclass(frozen=True, kw_only=True)
class Record:
    """The patient's id and resource, which is None where none was sent, what is theirs, and findings."""

    patient_id: str
    person: JsonObject | None
    entries: tuple[Entry, ...]
    findings: tuple[Finding, ...]


def record_of_one(sent: Entries, *, kinds: Iterable[str], patient_id: str | None) -> Record:
    """Return what was sent of the types named, as the record of one patient.

    Raises: ChartRefused, where no patient, several, or another than the one asked for is named.
    """
    wanted = frozenset(kinds)
    people = [entry for entry in sent.all if entry.resource["resourceType"] == "Patient"]
    clinical = [entry for entry in sent.all if entry.resource["resourceType"] in wanted]
    person = _the_only(people) or _contained_patient(clinical)
    subjects = [(entry, _subject(entry)) for entry in clinical]
    names = [name for _, name in subjects if name]
    known = _known_id(person, patient_id) or _id_named(names)
    addresses = _Addresses(person, known, only=_the_only_urn(names))
    findings, theirs = [], []
    for entry, name in subjects:
        is_named = bool(name) and addresses.include(name, of=entry, sent=sent)
        if is_named or addresses.include_identifier(_subject_element(entry.resource)):
            theirs.append(entry)
        else:
            findings.append(unreadable(entry.resource, "it does not say whose it is"))
    if person is None:
        findings.append(_unknown_person(known))
    return Record(
        patient_id=known,
        person=person.resource if person else None,
        entries=tuple(theirs),
        findings=tuple(findings),
    )


class _Addresses:
    """The names that the one patient goes by; the same id at a second base address is another patient."""

    def __init__(self, person: Entry | None, patient_id: str, *, only: str) -> None:
        """Know the patient; `only` is what all call one who was not sent, "" where that is no URN."""
        self._relative = f"Patient/{patient_id}"
        self._url = person.url if person else only
        self._http = self._url if self._url.startswith(("http://", "https://")) else ""
        self._person = person.resource if person else {}
        self._identifiers = set(_identifiers(self._person))

    def include(self, name: str, *, of: Entry, sent: Entries) -> bool:
        """Whether the reference is to the patient; False for what is no patient.

        Raises: ChartRefused, where it is to another patient.
        """
        if name.startswith("#"):
            return self._include_contained(name[1:], of.resource)
        plain = without_version(name)
        address = absolute(plain, source=of)
        if self._url and self._url in {plain, address}:
            return True
        if address == self._relative:
            return True
        if _is_no_patient(plain, sent.find(name, source=of)):
            return False
        if address.endswith(f"/{self._relative}") and self._http in {"", address}:
            self._http = address
            return True
        raise _several()

    def include_identifier(self, element: JsonObject) -> bool:
        """Whether a logical reference names an identifier of the patient."""
        return bool(set(_identifiers({"identifier": [child(element, "identifier")]})) & self._identifiers)

    def _include_contained(self, key: str, resource: JsonObject) -> bool:
        held = [inner for inner in objects(resource.get("contained")) if inner.get("id") == key]
        if not held or held[0].get("resourceType") != "Patient":
            return False
        if f"Patient/{key}" == self._relative or set(_identifiers(held[0])) & self._identifiers:
            return True
        raise _several()


def _the_only(people: Sequence[Entry]) -> Entry | None:
    """Return the patient.

    Raises: ChartRefused, where there are several, or two versions that disagree on who it is.
    """
    if not people:
        return None
    first, *others = people
    for other in others:
        if first.resource.get("id") != other.resource.get("id") or len({first.url, other.url} - {""}) > 1:
            raise _several()
        if any(_differ(first.resource, other.resource, name) for name in IDENTIFYING):
            raise ChartRefused(
                ChartRefusal.PATIENTS_DISAGREE,
                "Two versions of the patient differ in birth date or sex: send the record again with one Patient",
            )
    return first


def _differ(one: JsonObject, other: JsonObject, name: str) -> bool:
    given, other_given = one.get(name), other.get(name)
    return bool(None not in (given, other_given) and given != other_given)


def _contained_patient(entries: Iterable[Entry]) -> Entry | None:
    """Return the patient that resources hold within themselves, where all hold the same one."""
    held: list[Entry] = []
    for entry in entries:
        target = words(_subject_element(entry.resource).get("reference")).removeprefix("#")
        held += [
            Entry(resource={**inner, "id": target})
            for inner in objects(entry.resource.get("contained"))
            if inner.get("resourceType") == "Patient" and inner.get("id") == target and is_fhir_id(target)
        ]
    distinct = [
        entry for at, entry in enumerate(held) if entry.resource not in [e.resource for e in held[:at]]
    ]
    return _the_only(distinct)


def _known_id(person: Entry | None, patient_id: str | None) -> str | None:
    if person is None:
        return patient_id
    found = person.resource.get("id")
    if not is_fhir_id(found):
        raise ChartRefused(
            ChartRefusal.NO_PATIENT, "The Patient has no valid id: send the record again with Patient.id"
        )
    if patient_id is not None and found != patient_id:
        raise ChartRefused(
            ChartRefusal.PATIENTS_DISAGREE,
            "The record is another patient's than the one asked for: report it to the EHR's operators",
        )
    return words(found)


def _id_named(names: Sequence[str]) -> str:
    """Return the only id that references to patients name, where no Patient was sent."""
    plain = {without_version(name) for name in names}
    found = {name.rpartition("/")[2] for name in plain if name.startswith("Patient/") or "/Patient/" in name}
    found |= {name.rpartition(":")[2] for name in plain if name.startswith("urn:")}
    if len(found) > 1:
        raise _several()
    only = next(iter(found), None)
    if not is_fhir_id(only):
        raise ChartRefused(
            ChartRefusal.NO_PATIENT, "No patient in what was sent: send the Patient with the record"
        )
    return str(only)


def _the_only_urn(names: Sequence[str]) -> str:
    """Return the URN that every reference to a patient names, "" where they name others."""
    first, *others = {without_version(name) for name in names} or {""}
    return first if first.startswith("urn:") and not others else ""


def _subject(entry: Entry) -> str:
    reference = _subject_element(entry.resource).get("reference")
    return reference if isinstance(reference, str) else ""


def _subject_element(resource: JsonObject) -> JsonObject:
    return child(resource, "subject") or child(resource, "patient")


def _is_no_patient(name: str, found: Entry | None) -> bool:
    """Whether a reference is to something else than a patient, or cannot be followed: a search."""
    if found is not None:
        return bool(found.resource["resourceType"] != "Patient")
    kind = name.rpartition("/")[0].rpartition("/")[2]
    return "?" in name or (kind.isalpha() and kind[:1].isupper() and kind != "Patient")


def _identifiers(person: JsonObject) -> Iterator[tuple[str, str]]:
    for given in objects(person.get("identifier")):
        system, value = words(given.get("system")), words(given.get("value"))
        if value and system:
            yield system, value


def _several() -> ChartRefused:
    return ChartRefused(
        ChartRefusal.SEVERAL_PATIENTS,
        "What was sent names several patients: send the record of one patient at a time",
    )


def _unknown_person(patient_id: str) -> Finding:
    text = "The record came without the patient's demographics: name, age and sex are not known. Open it in the EHR."
    return Finding(code=FindingCode.INCOMPLETE, reference=f"Patient/{patient_id}", text=text)
