"""Server-sent events: the data of each event in a stream of bytes.

Source: WHATWG HTML, 9.2.6. Lines end at CR, LF or CRLF and nowhere else: answers may hold U+2028 and the like.
"""

from collections.abc import Iterable, Iterator

from clinical.inference.remote.errors import ServerFault

LARGEST_LINE_BYTES = 1024 * 1024


def event_data(chunks: Iterable[bytes]) -> Iterator[str]:
    """Return each event's data; an event without its closing empty line is dropped.

    Raises: ServerFault, for text that is not UTF-8 and for lines above LARGEST_LINE_BYTES.
    """
    data: list[str] = []
    for line in _lines(chunks):
        name, _, value = line.partition(":")
        if name == "data":
            data.append(value.removeprefix(" "))
        if not line and data:
            yield "\n".join(data)
            data = []


def _lines(chunks: Iterable[bytes]) -> Iterator[str]:
    rest = b""
    for chunk in chunks:
        rest += chunk
        # A CR at the end may be half of a CRLF.
        held = b"\r" if rest.endswith(b"\r") else b""
        *lines, rest = rest.removesuffix(held).replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
        rest += held
        if len(rest) > LARGEST_LINE_BYTES:
            raise ServerFault("The model server sent a line that is too long for an answer")
        yield from map(_text, lines)


def _text(line: bytes) -> str:
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        raise ServerFault("The model server sent an answer that is not UTF-8") from None
