"""One message received: read, recorded, handed on, acknowledged; it is kept nowhere.

The acknowledgement is sent only after the message was handed on, so what is lost before is sent again by the sender.
"""

from collections.abc import Callable, Sequence

from audit.errors import AuditError
from ehr_integration.errors import EhrError, MessageRefused
from ehr_integration.hl7v2.batches import LINE_ENDS, split_messages
from ehr_integration.hl7v2.decoding import decode
from ehr_integration.hl7v2.fhir.elements import JsonObject
from ehr_integration.hl7v2.message import Message, read_message
from ehr_integration.hl7v2.resources import resources_of
from ehr_integration.hl7v2.server.acknowledgements import acknowledge

# Problems, scheduling and finance carry diagnoses and visits, and are read for these.
KINDS = frozenset("ADT ORU OUL ORM OMG OML OMP MDM RDE RDS RGV RAS VXU PPR REF SIU BAR DFT".split())
HandOn = Callable[[Sequence[JsonObject]], None]  # raises EhrError where it cannot
Record = Callable[[str, MessageRefused | None], None]  # patient id, why refused; raises AuditError


def receive(body: bytes, *, hand_on: HandOn, record: Record) -> bytes:
    """Return the acknowledgement of a message, after it was recorded and handed on."""
    header = _header(body)
    try:
        resources = _resources(body)
    except MessageRefused as refused:
        return acknowledge(header, refused=_recorded(refused, record))
    try:
        record(resources[0]["id"], None)
        hand_on(resources)
    except AuditError:
        return acknowledge(header, refused=_failed("could not be recorded: send it again later"))
    except EhrError:
        failed = _failed("could not be handed on: send it again later")
        return acknowledge(header, refused=_recorded(failed, record, patient_id=resources[0]["id"]))
    return acknowledge(header)


def _resources(body: bytes) -> list[JsonObject]:
    messages = list(split_messages(decode(body)))
    if len(messages) > 1:
        raise MessageRefused(100, "several messages in one frame: send each in its own", segment="MSH")
    message = read_message(messages[0])
    _check_supported(message)
    return resources_of(message)


def _check_supported(message: Message) -> None:
    if message.kind not in KINDS:
        raise MessageRefused(
            200, "a type of message that is not read: see docs/legacy-in.md", segment="MSH", field=9
        )
    version = message.header.text(12)
    if version and not version.startswith("2."):
        raise MessageRefused(203, "not a version 2 message: send 2.1 to 2.8", segment="MSH", field=12)


def _recorded(refused: MessageRefused, record: Record, *, patient_id: str = "") -> MessageRefused:
    try:
        record(patient_id, refused)
    except AuditError:
        return _failed("could not be recorded: send it again later")
    return refused


def _failed(message: str) -> MessageRefused:
    return MessageRefused(207, message, segment="MSH")


def _header(body: bytes) -> str:
    """Return the first segment, for the acknowledgement, however the bytes are to be read."""
    return LINE_ENDS.split(body[:4096].decode("utf-8-sig", errors="replace").lstrip(), maxsplit=1)[0]
