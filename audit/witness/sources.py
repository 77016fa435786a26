"""Where a witness reads a log: an address that serves C2SP tlog-tiles, or a folder that holds the same files."""

import ssl
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Protocol

import httpx

from audit.tlog.errors import TileMissing
from audit.tlog.notes import MAX_NOTE_BYTES
from audit.tlog.tiles import TILE_BYTES, Tile
from audit.witness.addresses import checked_address
from audit.witness.errors import SettingInvalid, SourceUnavailable

REQUEST_SECONDS = 30.0
# No stale copy, and nothing that unpacks to more than was sent.
_HEADERS = {"Cache-Control": "no-cache", "Accept-Encoding": "identity"}


class Source(Protocol):
    """A log as it shows itself. Nothing that is read here is trusted."""

    def checkpoint(self) -> bytes:
        """Return the newest checkpoint's note. Raises: SourceUnavailable."""

    def tile(self, tile: Tile) -> bytes:
        """Return a tile's data. Raises: TileMissing, SourceUnavailable."""


class FolderSource:
    """A folder with `checkpoint` and `tile/`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def checkpoint(self) -> bytes:
        """Return the newest checkpoint's note. Raises: SourceUnavailable."""
        try:
            return self._read("checkpoint", MAX_NOTE_BYTES)
        except FileNotFoundError as error:
            raise SourceUnavailable(f"There is no file named checkpoint in {self._folder}") from error

    def tile(self, tile: Tile) -> bytes:
        """Return a tile's data. Raises: TileMissing, SourceUnavailable."""
        try:
            return self._read(tile.path, TILE_BYTES)
        except FileNotFoundError as error:
            raise TileMissing(f"{self._folder} does not hold {tile.path}") from error

    def _read(self, name: str, limit: int) -> bytes:
        try:
            with (self._folder / name).open("rb") as stream:
                # One byte more than there may be, so that what is too long is seen to be.
                return stream.read(limit + 1)
        except FileNotFoundError:
            raise
        except OSError as error:
            raise SourceUnavailable(f"{name} in {self._folder} cannot be read: {error.strerror}") from error


class HttpSource:
    """An address under which `checkpoint` and `tile/` are served. Use it in a `with` block."""

    def __init__(self, url: str, *, ca_file: Path | None = None, token: str | None = None) -> None:
        """Trust this machine's authorities, or those in the file alone; send the token, where there is one.

        Raises: SettingInvalid for an address that is neither https nor on this machine, and for the file.
        """
        self._url = checked_address(url)
        # No proxy of the environment and no redirect: what is asked goes to the one address that was given.
        self._client = httpx.Client(
            headers=_HEADERS | ({"Authorization": f"Bearer {token}"} if token else {}),
            trust_env=False,
            follow_redirects=False,
            timeout=10.0,
            verify=_authorities(ca_file),
        )

    def __enter__(self) -> "HttpSource":
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def checkpoint(self) -> bytes:
        """Return the newest checkpoint's note. Raises: SourceUnavailable."""
        status, body = self._get("checkpoint", MAX_NOTE_BYTES)
        if status != httpx.codes.OK:
            raise SourceUnavailable(f"{self._url}/checkpoint answered with status {status}")
        return body

    def tile(self, tile: Tile) -> bytes:
        """Return a tile's data. Raises: TileMissing, SourceUnavailable."""
        status, body = self._get(tile.path, TILE_BYTES)
        if status == httpx.codes.NOT_FOUND:
            raise TileMissing(f"{self._url} does not serve {tile.path}")
        if status != httpx.codes.OK:
            raise SourceUnavailable(f"{self._url}/{tile.path} answered with status {status}")
        return body

    def _get(self, path: str, limit: int) -> tuple[int, bytes]:
        try:
            with self._client.stream("GET", f"{self._url}/{path}") as response:
                return response.status_code, _body(response.iter_raw(), limit)
        except httpx.HTTPError as error:
            raise SourceUnavailable(f"{self._url} cannot be reached: {type(error).__name__}") from error


def _authorities(ca_file: Path | None) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=ca_file)
    except OSError as error:
        raise SettingInvalid(f"{ca_file} holds no certificates: name a PEM file") from error


def _body(chunks: Iterable[bytes], limit: int) -> bytes:
    """Return the body, at most a byte longer than it may be. Raises: SourceUnavailable where it takes too long."""
    body, end = bytearray(), time.monotonic() + REQUEST_SECONDS
    for chunk in chunks:
        body += chunk
        if len(body) > limit:
            break
        if time.monotonic() > end:
            raise SourceUnavailable(f"The answer took longer than {REQUEST_SECONDS:.0f} seconds")
    return bytes(body[: limit + 1])
