"""Fetches a model file: continues where it stopped, trusts nothing before its SHA-256 is confirmed."""

import logging
import shutil
import time
from dataclasses import dataclass
from pathlib import Path

import httpx

from clinical.inference.registry.download.addresses import is_loopback, shown
from clinical.inference.registry.download.answers import Answer, Interrupted, answered
from clinical.inference.registry.download.confirming import confirm
from clinical.inference.registry.download.partial import Origin, PartialFile
from clinical.inference.registry.errors import DownloadFailed, DownloadRefused, NoRoom
from clinical.inference.registry.gguf.header import MAGIC
from clinical.inference.registry.hashing import Progress, no_progress, sha256_of

logger = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class DownloadLimits:
    """How patient and how large a download may be. `attempts` counts those in a row that brought nothing new."""

    attempts: int = 5
    connect_seconds: float = 15
    silence_seconds: float = 60
    first_pause_seconds: float = 1
    longest_pause_seconds: float = 60
    largest_bytes: int = 500 * 10**9
    spare_bytes: int = 256 * 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """A file to fetch: from where, to where, the SHA-256 it must have (None: what the hub publishes), the token."""

    address: str
    target: Path
    sha256: str | None = None
    token: str | None = None


def pull(
    wanted: Wanted,
    *,
    limits: DownloadLimits | None = None,
    restart: bool = False,
    on_progress: Progress = no_progress,
) -> str:
    """Fetch the file, verify it, put it in its place and return its SHA-256.

    With `restart` nothing that came before is used. `on_progress` hears bytes here of bytes in all.
    Raises: DownloadError; for HashUnconfirmed the file waits beside its place, and the next call only verifies it.
    """
    partial = PartialFile(wanted.target)
    try:
        return _pulled(wanted, partial, limits or DownloadLimits(), restart=restart, on_progress=on_progress)
    except OSError as error:
        raise DownloadFailed(
            f"{wanted.target} cannot be written ({error.strerror}). Check owner, mode and space of its folder; "
            "what came is kept"
        ) from error


def _pulled(
    wanted: Wanted, partial: PartialFile, limits: DownloadLimits, *, restart: bool, on_progress: Progress
) -> str:
    with partial.only_here():
        if wanted.target.exists():
            return _already_there(wanted)
        if restart:
            partial.discard()
        if not partial.unverified.exists():
            _Fetching(wanted, partial, limits, on_progress).run()
        return confirm(partial, expected=wanted.sha256)


def _already_there(wanted: Wanted) -> str:
    found = sha256_of(wanted.target)
    if found == wanted.sha256:
        return found
    raise DownloadRefused(
        f"{wanted.target} exists already and has the SHA-256 {found}. Register that file with `manage.py models add`, "
        "move it away, or choose another name with --as"
    )


class _Fetching:
    def __init__(
        self, wanted: Wanted, partial: PartialFile, limits: DownloadLimits, on_progress: Progress
    ) -> None:
        self._wanted, self._partial, self._limits, self._on_progress = wanted, partial, limits, on_progress

    def run(self) -> None:
        """Try until the file is whole, as long as tries bring something new."""
        limits = self._limits
        timeout = httpx.Timeout(limits.silence_seconds, connect=limits.connect_seconds)
        # A hospital's proxy and certificates count, but never between this machine and itself.
        uses_environment = not is_loopback(self._wanted.address)
        with httpx.Client(timeout=timeout, follow_redirects=False, trust_env=uses_environment) as client:
            most, failures = self._partial.size, 0
            while fault := self._tried(client):
                failures = 1 if self._partial.size > most else failures + 1
                most = max(most, self._partial.size)
                if failures >= limits.attempts:
                    raise self._gave_up(fault)
                logger.warning("Download interrupted (%s): trying again", fault.what)
                time.sleep(self._pause(failures, fault))

    def _tried(self, client: httpx.Client) -> Interrupted | None:
        try:
            self._try(client)
        except Interrupted as fault:
            return fault
        except httpx.TransportError as error:
            return Interrupted(f"the connection failed: {type(error).__name__}")
        return None

    def _try(self, client: httpx.Client) -> None:
        start, origin = self._start()
        headers = {"Accept-Encoding": "identity", "Accept": "*/*"}
        if start and origin:
            headers |= {"Range": f"bytes={start}-", "If-Range": origin.validator}
        with answered(client, self._wanted.address, headers, token=self._wanted.token) as answer:
            self._check_published(answer)
            if answer.response.status_code == httpx.codes.REQUESTED_RANGE_NOT_SATISFIABLE:
                self._partial.discard()
                raise Interrupted("the server has no such part of the file")
            if answer.response.status_code == httpx.codes.PARTIAL_CONTENT:
                self._check_continues(answer, start, origin)
            else:
                start = 0
                self._partial.begin(self._origin(answer))
            self._check_room(answer.total, start)
            self._receive(answer, start)
        self._partial.complete()

    def _start(self) -> tuple[int, Origin | None]:
        """Return where to continue: 0 where what came is from elsewhere or cannot be recognised again."""
        origin = self._partial.origin
        if origin and origin.validator and origin.address == shown(self._wanted.address):
            return self._partial.size, origin
        return 0, None

    def _origin(self, answer: Answer) -> Origin:
        return Origin(
            address=shown(self._wanted.address),
            validator=answer.validator,
            total=answer.total,
            published_sha256=answer.published_sha256,
        )

    def _check_continues(self, answer: Answer, start: int, origin: Origin | None) -> None:
        if start == 0 or answer.start != start or self._origin(answer) != origin:
            self._partial.discard()
            raise Interrupted("the file at the server has changed")

    def _check_published(self, answer: Answer) -> None:
        wanted, published = self._wanted.sha256, answer.published_sha256
        if wanted and published and wanted != published:
            raise DownloadRefused(
                f"{shown(self._wanted.address)} has the SHA-256 {published}, and expected is {wanted}. "
                "Nothing was fetched: check the file's version and the expected hash"
            )

    def _check_room(self, total: int | None, start: int) -> None:
        limits, folder = self._limits, self._wanted.target.parent
        if total is None:
            return
        if total > limits.largest_bytes:
            raise NoRoom(f"The file has {total:,} bytes, and at most {limits.largest_bytes:,} are fetched")
        free = shutil.disk_usage(folder).free
        if total - start + limits.spare_bytes > free:
            raise NoRoom(
                f"{folder} has {free:,} bytes free, and {total - start + limits.spare_bytes:,} are needed. "
                "Free some, or set TACIT_MODELS_FOLDER to a larger disk"
            )

    def _receive(self, answer: Answer, start: int) -> None:
        total, size = answer.total, start
        most = self._limits.largest_bytes if total is None else total
        self._on_progress(size, total)
        with self._partial.appending() as stream:
            # Pieces as they come: with a size of our own, httpx would lose the last one when the connection breaks.
            for piece in answer.response.iter_raw():
                if size < len(MAGIC):
                    self._check_magic(size, piece)
                size += len(piece)
                if size > most:
                    raise NoRoom(
                        f"{shown(self._wanted.address)} sends more than {most:,} bytes. Check the address"
                    )
                stream.write(piece)
                self._on_progress(size, total)
        if total is not None and size < total:
            raise Interrupted(f"{total - size:,} bytes are missing")

    def _check_magic(self, size: int, piece: bytes) -> None:
        rest = MAGIC[size:]
        if piece[: len(rest)] != rest[: len(piece)]:
            self._partial.discard()
            raise DownloadRefused(
                f"{shown(self._wanted.address)} is not a GGUF file; a page that asks to sign in looks like this. "
                "Check the address, and whether the model asks for a token"
            )

    def _pause(self, failures: int, fault: Interrupted) -> float:
        growing = self._limits.first_pause_seconds * 2.0 ** (failures - 1)
        return min(max(growing, fault.pause_seconds or 0), self._limits.longest_pause_seconds)

    def _gave_up(self, fault: Interrupted) -> DownloadFailed:
        return DownloadFailed(
            f"{shown(self._wanted.address)} could not be fetched in {self._limits.attempts} tries: {fault.what}. "
            f"{self._partial.size:,} bytes are kept; the same command continues there"
        )
