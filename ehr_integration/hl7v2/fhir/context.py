"""What the resources of one message share: whose they are, who sent them, and when."""

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from urllib.parse import quote

from ehr_integration.hl7v2.fhir.elements import JsonObject, without_absent
from ehr_integration.hl7v2.fhir.times import as_date_time, zone_of
from ehr_integration.hl7v2.message import Message


def stable_id(*parts: str) -> str:
    """Return a FHIR id that is the same whenever the same thing is sent, and says nothing of it."""
    return sha256("\x1f".join(parts).encode("utf-8", errors="replace")).hexdigest()[:32]


@dataclass(frozen=True, kw_only=True)
class Context:
    """The message, and the id of its patient."""

    message: Message
    patient_id: str

    @property
    def control_id(self) -> str:
        """MSH-10, which names the message."""
        return self.message.header.text(10)

    def at(self, stamp: str) -> str | None:
        """Return a time of the message as FHIR's, in the sender's zone where it gives none."""
        return as_date_time(stamp, zone=zone_of(self.message.header.text(7)))

    def resource(
        self, kind: str, key: Iterable[str], elements: JsonObject, *, subject: str = "subject"
    ) -> JsonObject:
        """Return a resource about the patient; `key` is what names the same thing in a later message."""
        return without_absent(
            {
                "resourceType": kind,
                "id": stable_id(self.patient_id, kind, *key),
                "meta": {"source": self._source()},
                subject: {"reference": f"Patient/{self.patient_id}"},
                **elements,
            }
        )

    def _source(self) -> str:
        sender = [self.message.header.text(4), self.message.header.text(3)]
        return "urn:hl7v2:" + ":".join(quote(part, safe="") for part in sender if part)
