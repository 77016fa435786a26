"""A file as its messages: one, several, or a batch within FHS, BHS, BTS and FTS."""

import re
from collections.abc import Iterator

from ehr_integration.errors import MessageRefused

MAX_MESSAGES = 1_000
ENVELOPE = frozenset({"FHS", "BHS", "BTS", "FTS"})
LINE_ENDS = re.compile(r"\r\n|\r|\n")
FRAME = str.maketrans({"\x0b": "\r", "\x1c": "\r"})  # the MLLP bytes that some files keep


def split_messages(text: str) -> Iterator[list[str]]:
    """Yield the segments of each message, from MSH on; the envelope of a batch is left out.

    Raises: MessageRefused, where something stands before the first MSH, or there are too many messages.
    """
    message: list[str] = []
    count = 0
    for line in LINE_ENDS.split(text.translate(FRAME)):
        if not line.strip() or line[:3] in ENVELOPE:
            continue
        if line.lstrip("\ufeff").startswith("MSH"):
            if message:
                yield message
            count += 1
            message = [line.lstrip("\ufeff")]
        elif not message:
            raise MessageRefused(
                100, "a segment before the message header: begin each message with MSH", segment="MSH"
            )
        else:
            message.append(line)
        if count > MAX_MESSAGES:
            raise MessageRefused(
                100, f"more than {MAX_MESSAGES} messages: send them in smaller files", segment="FHS"
            )
    if not message:
        raise MessageRefused(100, "no message header: begin each message with MSH", segment="MSH")
    yield message
