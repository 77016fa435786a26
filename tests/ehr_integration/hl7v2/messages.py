"""Small invented HL7 v2 messages."""

HEADER = "MSH|^~\\&|LIS|NORTH|TACIT|NORTH|20240501120000+0200||{kind}|C1|P|2.5"
PATIENT = "PID|1||4711^^^NORTH^MR||Adler^Berta||19620320|F"


def message(*segments, kind="ADT^A01", header=HEADER, patient=PATIENT):
    """Return the bytes of a message."""
    lines = [header.format(kind=kind), *([patient] if patient else []), *segments]
    return "\r".join(lines).encode()
