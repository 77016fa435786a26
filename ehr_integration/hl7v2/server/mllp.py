"""MLLP: frames of <VT> message <FS><CR> over TCP or TLS, each answered in its turn on the same connection.

Source: HL7 MLLP release 1; RFC 9293 and RFC 8446 below it. Every wait, size and number of connections is bounded.
"""

import asyncio
import logging
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ehr_integration.errors import MessageRefused
from ehr_integration.hl7v2.server.acknowledgements import acknowledge

START, END = b"\x0b", b"\x1c\r"
CHUNK = 64 * 1024
logger = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What one sender may take: bytes a message, seconds, and connections of all senders together."""

    message_bytes: int = 4 * 1024 * 1024
    idle_seconds: float = 300.0
    message_seconds: float = 30.0
    connections: int = 32


class FrameRefused(Exception):
    """The bytes are no frame, or too many, or too slow; the connection must end."""


class MllpServer:
    """Answers each frame with what `receive` returns; `receive` runs in a thread."""

    def __init__(self, receive: Callable[[bytes], bytes], *, limits: Limits | None = None) -> None:
        self._receive = receive
        self._limits = limits or Limits()
        self._open = 0

    async def start(self, host: str, port: int, *, tls: ssl.SSLContext | None = None) -> asyncio.Server:
        """Return the server, which listens."""
        seconds = self._limits.message_seconds if tls else None
        return await asyncio.start_server(
            self._serve, host, port, ssl=tls, limit=CHUNK, ssl_handshake_timeout=seconds
        )

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open += 1
        try:
            if self._open <= self._limits.connections:
                await self._answer_all(reader, writer)
        except (OSError, TimeoutError, asyncio.IncompleteReadError):
            logger.info("mllp: a connection ended early")
        finally:
            self._open -= 1
            writer.close()

    async def _answer_all(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        buffer = b""
        while True:
            try:
                message, buffer = await self._frame(reader, buffer)
            except FrameRefused as refused:
                failure = MessageRefused(102, str(refused), segment="MSH")
                await self._send(writer, acknowledge("", refused=failure))
                return
            if message is None:
                return
            await self._send(writer, await asyncio.to_thread(self._answer, message))

    def _answer(self, message: bytes) -> bytes:
        """Return the answer, also where the reader itself fails: the sender must hear of it."""
        try:
            return self._receive(message)
        except Exception:  # noqa: BLE001 - a fault must not end the server, and its text may hold patient data
            logger.error("mllp: a message could not be answered: a fault in the reader")
            return acknowledge("", refused=MessageRefused(207, "a fault: report it", segment="MSH"))

    async def _send(self, writer: asyncio.StreamWriter, answer: bytes) -> None:
        writer.write(START + answer + END)
        async with asyncio.timeout(self._limits.message_seconds):
            await writer.drain()

    async def _frame(self, reader: asyncio.StreamReader, buffer: bytes) -> tuple[bytes | None, bytes]:
        """Return the next message and what follows it; None where the sender has ended. Raises: FrameRefused."""
        if not buffer:
            async with asyncio.timeout(self._limits.idle_seconds):
                buffer = await reader.read(CHUNK)
        buffer = buffer.lstrip(b"\r\n")
        if not buffer:
            return None, b""
        if not buffer.startswith(START):
            raise FrameRefused("no start byte: frame each message as MLLP does")
        try:
            async with asyncio.timeout(self._limits.message_seconds):
                return await self._rest(reader, bytearray(buffer))
        except TimeoutError:
            raise FrameRefused("no end bytes in time: end each message with FS and CR") from None

    async def _rest(self, reader: asyncio.StreamReader, held: bytearray) -> tuple[bytes, bytes]:
        searched = 0
        while (end := held.find(END, searched)) < 0:
            if len(held) > self._limits.message_bytes:
                raise FrameRefused("a message that is too large: send its parts")
            searched = max(0, len(held) - len(END))
            chunk = await reader.read(CHUNK)
            if not chunk:
                raise FrameRefused("no end bytes: end each message with FS and CR")
            held += chunk
        return bytes(held[len(START) : end]), bytes(held[end + len(END) :])


def server_tls(certificate: Path, key: Path, *, clients: Path | None = None) -> ssl.SSLContext:
    """Return TLS 1.2 or later with our certificate; with `clients`, only senders that these authorities know.

    Raises: OSError (ssl.SSLError is one), where a file cannot be used.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(certificate, key)
    if clients is not None:
        context.load_verify_locations(clients)
        context.verify_mode = ssl.CERT_REQUIRED
    return context
