"""The bytes of a message as text: by MSH-18, else UTF-8, else Windows-1252, which older interfaces mean."""

import codecs
import re

from ehr_integration.errors import MessageRefused

# Source: HL7 table 0211, alternate character sets.
CHARACTER_SETS = {
    "": "utf-8",
    "ASCII": "ascii",
    "UNICODE UTF-8": "utf-8",
    "UTF-8": "utf-8",
    "UNICODE": "utf-8",
    "UNICODE UTF-16": "utf-16",
    "UNICODE UTF-32": "utf-32",
    "GB 18030-2000": "gb18030",
    "KS X 1001": "euc_kr",
    "BIG-5": "big5",
    "ISO IR87": "iso2022_jp",
    **{f"8859/{part}": f"iso8859-{part}" for part in (*range(1, 10), 15)},
}
UNSET = "cp1252"
BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
CHARACTER_SET = 18


def decode(body: bytes) -> str:
    """Return the text, without a byte order mark.

    Raises: MessageRefused, where MSH-18 names a character set that is unknown, or that the bytes are not in.
    """
    for mark, encoding in BYTE_ORDER_MARKS:
        if body.startswith(mark):
            return _decoded(body[len(mark) :], encoding)
    declared = _declared(body)
    if declared not in CHARACTER_SETS:
        raise _refused("a character set that is not read: send UNICODE UTF-8")
    if not declared:
        return body.decode("utf-8") if _is_utf8(body) else body.decode(UNSET, errors="replace")
    return _decoded(body, CHARACTER_SETS[declared])


def _declared(body: bytes) -> str:
    """Return the first repetition of MSH-18 of the first message."""
    start = body.find(b"MSH")
    if start < 0:
        return ""
    header = re.split(rb"[\r\n]", body[start : start + 4096], maxsplit=1)[0].decode("latin-1")
    fields = header.split(header[3:4] or "|")
    if len(fields) < CHARACTER_SET:
        return ""
    repetition = header[5:6]
    given = fields[CHARACTER_SET - 1]
    return (given.split(repetition)[0] if repetition else given).strip().upper()


def _is_utf8(body: bytes) -> bool:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _decoded(body: bytes, encoding: str) -> str:
    try:
        return body.decode(encoding)
    except UnicodeError:
        raise _refused(
            "the bytes are not in the character set that it names: correct it, or send UTF-8"
        ) from None


def _refused(message: str) -> MessageRefused:
    return MessageRefused(103, message, segment="MSH", field=CHARACTER_SET)
