"""Which addresses are spoken to: https, and plain http on this machine."""

from urllib.parse import urlsplit

from audit.hosts import is_loopback
from audit.witness.errors import SettingInvalid


def checked_address(url: str) -> str:
    """Return the address without a slash at its end.

    Raises: SettingInvalid for plain http to another machine, and for credentials, a query or a fragment in it.
    """
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError as error:
        raise SettingInvalid(
            "The address cannot be read: give it like https://tacit.hospital.example/audit"
        ) from error
    if (
        parts.scheme not in {"http", "https"}
        or not host
        or parts.query
        or parts.fragment
        or "@" in parts.netloc
    ):
        raise SettingInvalid(
            "The address must be https://host/path, with no credentials, query or fragment in it"
        )
    if parts.scheme == "http" and not is_loopback(host):
        raise SettingInvalid("Plain http is used on this machine only: give an https address")
    return url.rstrip("/")
