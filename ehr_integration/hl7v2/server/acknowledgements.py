"""ACK and NAK: MSA says how it went, ERR names the segment and the field; nothing of the patient is repeated.

Source: HL7 v2.8, chapter 2, sections 2.9.2 and 2.14; tables 0008 and 0357.
"""

from datetime import UTC, datetime

from ehr_integration.errors import MessageRefused

ACCEPTED, FAILED, REJECTED = "AA", "AE", "AR"
REJECTING = range(200, 204)  # unsupported type, event, processing id or version: a retry cannot help
CONDITIONS = {
    100: "Segment sequence error",
    101: "Required field missing",
    102: "Data type error",
    103: "Table value not found",
    200: "Unsupported message type",
    203: "Unsupported version id",
    204: "Unknown key identifier",
    207: "Application internal error",
}
MAX_ECHOED = 180
OLD_VERSIONS = frozenset({"2.1", "2.2", "2.3", "2.3.1", "2.4"})
NEWEST = "2.5"


def acknowledge(header: str, *, refused: MessageRefused | None = None) -> bytes:
    """Return the acknowledgement of the message whose MSH segment is given, which may be unreadable."""
    raw = _fields(header)
    version = raw[11].split(raw[1][:1] or "^")[0] if raw[11].startswith("2.") else NEWEST
    fields = [_echo(each) for each in raw]
    event = raw[8].split("^")[1:2]
    kind = "ACK" + (f"^{_echo(event[0])}" if event and event[0].isalnum() else "")
    now = datetime.now(UTC).strftime("%Y%m%d%H%M%S+0000")
    code = _code(refused)
    control_id = fields[9]
    answer_id = f"A{now[:14]}{control_id}"[:20]
    segments = [
        [
            "MSH",
            "^~\\&",
            fields[4],
            fields[5],
            fields[2],
            fields[3],
            now,
            "",
            kind,
            answer_id,
            fields[10] or "P",
            _echo(version),
        ],
        ["MSA", code, control_id],
    ]
    if refused is not None:
        segments.append(_error(refused, version))
    return "\r".join("|".join(segment) for segment in segments).encode("ascii", errors="replace") + b"\r"


def _fields(header: str) -> list[str]:
    """Return the header's fields so that [9] is MSH-10, whatever is missing empty."""
    found = header.split(header[3:4] or "|") if header.startswith("MSH") else []
    return [*found, *[""] * 12][:12]


def _echo(value: str) -> str:
    """Return a header's value as it may stand in a field: nothing in it begins a field or a segment."""
    return "".join(mark for mark in value if " " <= mark <= "~" and mark not in "|\\~")[:MAX_ECHOED]


def _code(refused: MessageRefused | None) -> str:
    if refused is None:
        return ACCEPTED
    return REJECTED if refused.condition in REJECTING else FAILED


def _error(refused: MessageRefused, version: str) -> list[str]:
    place = f"{refused.segment}^1" + (f"^{refused.field}" if refused.field else "")
    condition = f"{refused.condition}^{CONDITIONS.get(refused.condition, 'Error')}^HL70357"
    if version in OLD_VERSIONS:  # ERR-1 was withdrawn by 2.5, which has ERR-2 to ERR-8
        old = (
            f"{place}^{condition.replace('^', '&')}"
            if refused.field
            else f"{place}^^{condition.replace('^', '&')}"
        )
        return ["ERR", old]
    return ["ERR", "", place, condition, "E", "", "", "", _echo(str(refused))]
