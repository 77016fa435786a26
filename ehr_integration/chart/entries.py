"""The resources of bundles, one by one, each once, with the addresses that others refer to them by."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from ehr_integration.chart.domain import Finding, FindingCode
from ehr_integration.chart.reading.elements import JsonObject, child, moment, words
from ehr_integration.chart.reading.readings import reference_of
from ehr_integration.fhir.json_values import objects
from ehr_integration.fhir.origin import is_fhir_id

WARNINGS = frozenset({"warning", "error", "fatal"})


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A resource with an id, and the full URL of its entry without version, "" where none was given."""

    resource: JsonObject
    url: str = ""


@dataclass(kw_only=True)
class Entries:
    """What was sent: the resources, and findings about the sending. `find` follows a reference."""

    all: list[Entry] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    is_fhir: bool = False
    _by_address: dict[str, Entry] = field(default_factory=dict)

    def find(self, reference: str, *, source: Entry) -> Entry | None:
        """Return the entry that a reference of another entry leads to; contained ones are not entries."""
        plain = without_version(reference)
        return self._by_address.get(absolute(plain, source=source)) or self._by_address.get(plain)

    def add(self, entry: Entry) -> None:
        """Keep the entry; of several versions of a resource, the one updated last, else the first."""
        address = entry.url or reference_of(entry.resource)
        held = self._by_address.get(address)
        if held is None:
            self.all.append(entry)
        elif _updated(entry) > _updated(held):
            self.all[next(at for at, one in enumerate(self.all) if one is held)] = entry
        elif entry.resource == held.resource or _updated(entry) < _updated(held):
            return
        else:
            self._say_disagreement(entry)
            return
        self._by_address[address] = entry
        self._by_address.setdefault(reference_of(entry.resource), entry)

    def _say_disagreement(self, entry: Entry) -> None:
        if entry.resource.get("resourceType") == "Patient":
            self.all.append(entry)  # whose chart it is must not be decided by order
            return
        text = "A resource was sent in two versions that differ; the first is shown. Compare them in the EHR."
        self.findings.append(
            Finding(code=FindingCode.CONFLICTING_STATUS, reference=reference_of(entry.resource), text=text)
        )


def read_entries(resources: Iterable[object]) -> Entries:
    """Return the resources of any mixture of bundles and resources; what is not FHIR becomes a finding."""
    found = Entries()
    gone: set[str] = set()
    waiting: list[tuple[object, str]] = [(resource, "") for resource in resources]
    waiting.reverse()
    count = 0
    while waiting:
        item, url = waiting.pop()
        if not isinstance(item, dict) or not isinstance(item.get("resourceType"), str):
            found.findings.append(_not_fhir())
            continue
        found.is_fhir = True
        if item["resourceType"] == "Bundle":
            found.findings += _about_bundle(item)
            waiting += reversed(list(_unpacked(item, gone)))
        elif item["resourceType"] == "OperationOutcome":
            found.findings += _about_outcome(item)
        else:
            count += 1
            found.add(_entry(item, url=url, number=count))
    return found


def without_version(reference: str) -> str:
    """Return a reference without the version that it is to."""
    return reference.partition("/_history/")[0]


def absolute(reference: str, *, source: Entry) -> str:
    """Return a relative reference as the address that it has beside its source. Source: FHIR R4, bundle, 2.36.4."""
    if ":" in reference or reference.count("/") != 1 or not source.url.startswith(("http://", "https://")):
        return reference
    kind = f"/{words(source.resource.get('resourceType'))}/"
    base, found, _ = source.url.rpartition(kind)
    return f"{base}/{reference}" if found else reference


def _unpacked(bundle: JsonObject, gone: set[str]) -> Iterator[tuple[object, str]]:
    for entry in objects(bundle.get("entry")):
        request, url = child(entry, "request"), entry.get("fullUrl")
        if request.get("method") == "DELETE":
            gone.add(words(request.get("url")))
        resource = entry.get("resource")
        if resource is None or (isinstance(resource, dict) and reference_of(resource) in gone):
            continue
        yield resource, without_version(url) if isinstance(url, str) else ""


def _entry(resource: JsonObject, *, url: str, number: int) -> Entry:
    """Return the entry; without an id, the resource gets that of its address, else its number among the others."""
    if resource.get("id") is not None:
        return Entry(resource=resource, url=url)
    last = url.replace(":", "/").rpartition("/")[2]
    key = last if is_fhir_id(last) else f"entry-{number}"
    return Entry(resource={**resource, "id": key}, url=url)


def _updated(entry: Entry) -> float:
    at = moment(child(entry.resource, "meta"), "lastUpdated")
    return at.instant.timestamp() if at else 0.0


def _about_bundle(bundle: JsonObject) -> Iterator[Finding]:
    relations = {words(link.get("relation")) for link in objects(bundle.get("link"))}
    failed = any(
        words(child(entry, "response").get("status")).startswith(("4", "5"))
        for entry in objects(bundle.get("entry"))
    )
    if "next" in relations:
        yield _incomplete("The EHR holds more than was sent: further pages are missing.")
    if failed:
        yield _incomplete("A part of what was asked for could not be read.")


def _about_outcome(outcome: JsonObject) -> Iterator[Finding]:
    if any(issue.get("severity") in WARNINGS for issue in objects(outcome.get("issue"))):
        yield _incomplete("The EHR warned that its answer may not be complete.")


def _incomplete(text: str) -> Finding:
    return Finding(
        code=FindingCode.INCOMPLETE, reference="Bundle", text=f"{text} Open the record in the EHR."
    )


def _not_fhir() -> Finding:
    text = "Something in the record is not a FHIR resource, and was left out. Open the record in the EHR."
    return Finding(code=FindingCode.INVALID_RESOURCE, reference="Bundle", text=text)
