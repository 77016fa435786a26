"""From what a person names to an address that a model may be fetched from: https, or this machine itself."""

import re
from urllib.parse import SplitResult, quote, unquote, urlsplit, urlunsplit

from audit import hosts
from clinical.inference.registry.errors import AddressRefused

HUB_FILE = re.compile(r"(?P<owner>[\w.-]+)/(?P<name>[\w.-]+)/(?P<file>[\w./ +-]+\.gguf)", re.ASCII)
FILE_NAME = re.compile(r"[A-Za-z0-9][\w.+-]{0,199}\.gguf", re.ASCII)
WAYS = "Say https://..., or OWNER/NAME/FILE.gguf for a file on the hub"


def address_of(reference: str, *, hub: str) -> str:
    """Return the address that an https address or a hub file `owner/name/file.gguf` stands for.

    Raises: AddressRefused.
    """
    if "://" in reference:
        check_address(reference)
        return reference
    match = HUB_FILE.fullmatch(reference)
    if match is None or ".." in reference:
        raise AddressRefused(f"{reference[:200]!r} names no model file. {WAYS}")
    address = f"{hub.rstrip('/')}/{match['owner']}/{match['name']}/resolve/main/{quote(match['file'])}"
    check_address(address)
    return address


def check_address(address: str) -> None:
    """Raise AddressRefused unless it is https, or http on this machine, and carries no password."""
    parts = _parts(address)
    if parts.username or parts.password:
        raise AddressRefused(
            f"{shown(address)} carries a name or password. Leave it out; a token goes into --token-file"
        )
    if not (
        parts.hostname and (parts.scheme == "https" or (parts.scheme == "http" and is_loopback(address)))
    ):
        raise AddressRefused(f"{shown(address)} is not https. {WAYS}")


def check_redirect(origin: str, target: str) -> None:
    """Raise AddressRefused where a redirect leads away from https, or from the network into this machine."""
    check_address(target)
    if is_loopback(target) and not is_loopback(origin):
        raise AddressRefused(
            f"{shown(origin)} redirects to this machine ({shown(target)}). Name another address"
        )


def file_name_of(address: str) -> str:
    """Return the file name at the end of the address. Raises: AddressRefused where it is no plain `*.gguf`."""
    name = unquote(_parts(address).path).rpartition("/")[2]
    if FILE_NAME.fullmatch(name) is None:
        raise AddressRefused(
            f"{shown(address)} does not end in a file name like model.gguf. Say the address of a GGUF file"
        )
    return name


def is_loopback(address: str) -> bool:
    """Whether the address is this machine's own."""
    return hosts.is_loopback(_parts(address).hostname or "")


def is_same_host(one: str, other: str) -> bool:
    """Whether both addresses lead to the same scheme, host and port."""
    first, second = _parts(one), _parts(other)
    return (first.scheme, first.hostname, first.port) == (second.scheme, second.hostname, second.port)


def shown(address: str) -> str:
    """Return the address without what may be secret: name, password, and the query of a signed link."""
    try:
        parts = urlsplit(address)
        netloc = parts.netloc.rpartition("@")[2]
    except ValueError:
        return "the address"
    return urlunsplit((parts.scheme, netloc, parts.path, "", ""))[:300]


def _parts(address: str) -> SplitResult:
    try:
        parts = urlsplit(address)
        if parts.port == 0:
            raise ValueError("port 0 is no port")
    except ValueError as error:
        raise AddressRefused(f"{shown(address)} is no address ({error}). {WAYS}") from error
    return parts
