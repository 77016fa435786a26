"""The sync of this installation: whether it may send at all, to whom, and as whom."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import redis
from django.conf import settings

from audit.hosts import is_loopback
from clinical.evidence.sync.errors import AddressRefused, SyncSwitchedOff, WordsUnreadable
from clinical.evidence.sync.eutils.client import Eutils, Identity, Recorder
from clinical.evidence.sync.eutils.pace import WITH_KEY, WITHOUT_KEY, Pace
from clinical.evidence.sync.eutils.sending import Limits, Sender, new_client
from clinical.evidence.sync.words.vocabulary import Vocabulary, load_vocabulary


def check_switched_on() -> None:
    """Raise SyncSwitchedOff unless the hospital has switched the sync on."""
    if not settings.TACIT_SYNC:
        raise SyncSwitchedOff


def check_address(address: str) -> str:
    """Return the address with a slash at its end. Raises: AddressRefused."""
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
        is_usable = bool(host) and parts.port != 0 and not (parts.query or parts.fragment)
    except ValueError:
        raise AddressRefused("is no address") from None
    if parts.username or parts.password:
        raise AddressRefused("carries a name or password")
    if not is_usable or not (parts.scheme == "https" or (parts.scheme == "http" and is_loopback(host))):
        raise AddressRefused("is not https")
    return f"{address.rstrip('/')}/"


def server_host() -> str:
    """Return the host that requests go to. Raises: AddressRefused."""
    return urlsplit(check_address(settings.TACIT_EUTILS_URL)).hostname or ""


def configured_vocabulary() -> Vocabulary:
    """Return the words that a query may be made of. Raises: WordsUnreadable."""
    own = Path(settings.TACIT_SYNC_WORDS) if settings.TACIT_SYNC_WORDS else None
    try:
        return load_vocabulary(own)
    except (OSError, UnicodeDecodeError):
        raise WordsUnreadable(own) from None


@contextmanager
def connected(record: Recorder, *, limits: Limits | None = None) -> Iterator[Eutils]:
    """Give the E-utilities, with the rate that all workers of this installation share.

    Raises: SyncSwitchedOff, AddressRefused.
    """
    check_switched_on()
    address, limits = check_address(settings.TACIT_EUTILS_URL), limits or Limits()
    key = settings.TACIT_NCBI_API_KEY
    with (
        redis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=2, socket_timeout=5) as keeper,
        new_client(limits, is_here=is_loopback(server_host())) as client,
    ):
        pace = Pace(
            client=keeper,
            name="with-key" if key else "without-key",
            places=WITH_KEY if key else WITHOUT_KEY,
            lease_seconds=limits.request_seconds + limits.silence_seconds + limits.connect_seconds,
        )
        identity = Identity(email=settings.TACIT_NCBI_EMAIL, api_key=key)
        yield Eutils(Sender(client, address, pace, limits), identity, record)
