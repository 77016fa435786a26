"""What the resources of one document share."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ehr_integration.ccda.elements import Element, JsonObject, Narrative, attribute, name_of, path
from ehr_integration.hl7v2.fhir.context import stable_id
from ehr_integration.hl7v2.fhir.elements import without_absent


@dataclass(frozen=True, kw_only=True)
class Context:
    """The patient's id, the narrative, when the document was made, and who keeps it."""

    patient_id: str
    narrative: Narrative
    made_at: str | None
    custodian: str

    def resource(
        self, kind: str, statement: Element, elements: Mapping[str, Any], *, subject: str = "subject"
    ) -> JsonObject:
        """Return a resource about the patient, with an id that is the same in another document that repeats it."""
        return without_absent(
            {
                "resourceType": kind,
                "id": stable_id(self.patient_id, kind, *_key(statement)),
                subject: {"reference": f"Patient/{self.patient_id}"},
                **elements,
            }
        )

    def author(self, statement: Element) -> JsonObject | None:
        """Return who wrote the statement, else who keeps the document, by name."""
        named = (
            name_of(name)
            for way in (("assignedPerson", "name"), ("representedOrganization", "name"))
            for name in path(statement, "author", "assignedAuthor", *way)
        )
        display = next(filter(None, named), "") or self.custodian
        return {"display": display} if display else None


def _key(statement: Element) -> list[str]:
    ids = [f"{attribute(each, 'root')}|{attribute(each, 'extension')}" for each in path(statement, "id")]
    known = [each for each in ids if each != "|"]
    return known or [str(statement.getroottree().getpath(statement))]
