"""One request for a file: redirects followed only where that is safe, and the server's words read strictly."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import httpx

from clinical.inference.registry.download.addresses import check_redirect, is_same_host, shown
from clinical.inference.registry.errors import AddressRefused, DownloadRefused
from clinical.inference.registry.models_file.entries import SHA256

MOST_REDIRECTS = 5
CONTENT_RANGE = re.compile(r"bytes (\d+)-\d+/(\d+)")
# A hub names here the SHA-256 of the file that its answer links to.
PUBLISHED_HEADER = "X-Linked-ETag"


class Interrupted(Exception):
    """The file did not come whole this time, and may the next. `pause_seconds` is what the server asks for."""

    def __init__(self, what: str, *, pause_seconds: float | None = None) -> None:
        self.what, self.pause_seconds = what, pause_seconds
        super().__init__(what)


@dataclass(frozen=True)
class Answer:
    """A server's answer whose body is still to be read, and the SHA-256 that the named server published (or "")."""

    response: httpx.Response
    published_sha256: str

    @property
    def validator(self) -> str:
        """Return what If-Range may carry: a strong ETag or else the date; empty where there is neither."""
        etag = self.response.headers.get("ETag", "")
        if etag and not etag.startswith("W/"):
            return str(etag)
        return "" if etag else str(self.response.headers.get("Last-Modified", ""))

    @property
    def start(self) -> int:
        """Return the position of the body's first byte in the file. Raises: Interrupted where it is not clear."""
        return self._range()[0] if self.response.status_code == httpx.codes.PARTIAL_CONTENT else 0

    @property
    def total(self) -> int | None:
        """Return the size of the whole file in bytes; None where the server does not say it."""
        if self.response.status_code == httpx.codes.PARTIAL_CONTENT:
            return self._range()[1]
        length = self.response.headers.get("Content-Length", "")
        return int(length) if length.isdecimal() else None

    def _range(self) -> tuple[int, int]:
        match = CONTENT_RANGE.fullmatch(self.response.headers.get("Content-Range", ""))
        if match is None:
            raise Interrupted("the server sent a part without saying which")
        return int(match[1]), int(match[2])


@contextmanager
def answered(
    client: httpx.Client, address: str, headers: Mapping[str, str], *, token: str | None
) -> Iterator[Answer]:
    """Ask for the file and give the answer at the end of the redirects. The token goes to the named server only.

    Raises: AddressRefused, DownloadRefused, Interrupted, httpx.TransportError.
    """
    here, published = address, ""
    for _ in range(MOST_REDIRECTS + 1):
        is_named = is_same_host(address, here)
        secret = {"Authorization": f"Bearer {token}"} if token and is_named else {}
        with _sent(client, here, {**headers, **secret}) as response:
            if is_named:
                published = published or _published(response)
            if not response.has_redirect_location:
                _check_status(response, here)
                yield Answer(response, published)
                return
            target = str(response.url.join(response.headers["Location"]))
        check_redirect(here, target)
        here = target
    raise DownloadRefused(f"{shown(address)} redirects more than {MOST_REDIRECTS} times. Check the address")


@contextmanager
def _sent(client: httpx.Client, address: str, headers: Mapping[str, str]) -> Iterator[httpx.Response]:
    try:
        request = client.build_request("GET", address, headers=headers)
    except httpx.InvalidURL as error:
        raise AddressRefused(f"{shown(address)} is no address ({error})") from error
    response = client.send(request, stream=True)
    try:
        yield response
    finally:
        response.close()


def _published(response: httpx.Response) -> str:
    said = response.headers.get(PUBLISHED_HEADER, "").strip('"').lower()
    return said if SHA256.fullmatch(said) else ""


def _check_status(response: httpx.Response, address: str) -> None:
    status = response.status_code
    if status in {200, 206, 416}:
        if response.headers.get("Content-Encoding", "identity") != "identity":
            raise DownloadRefused(
                f"{shown(address)} sends the file encoded although plain bytes were asked for"
            )
        return
    if status == httpx.codes.TOO_MANY_REQUESTS or status >= httpx.codes.INTERNAL_SERVER_ERROR:
        raise Interrupted(f"the server answered {status}", pause_seconds=_retry_after(response))
    fixes = {
        401: "It asks who you are: accept the model's terms on its page and give a token with --token-file",
        403: "Access is denied: accept the model's terms on its page and give a token with --token-file",
        404: "There is no such file: check owner, name and file on the model's page",
        410: "The file is gone: look for another source",
    }
    raise DownloadRefused(f"{shown(address)} answered {status}. {fixes.get(status, 'Check the address')}")


def _retry_after(response: httpx.Response) -> float | None:
    said = response.headers.get("Retry-After", "")
    return float(said) if said.isdecimal() else None
