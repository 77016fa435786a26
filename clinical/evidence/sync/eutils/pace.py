"""One rate for all workers, kept in Redis: so many requests may be on their way or less than a second old.

A request holds a place from before it is sent until a second after its answer came. Whenever the server saw it, it saw it
in between; so the server never sees more requests in one second than there are places, however long each takes. Redis's
own clock counts, and one script decides: workers need neither equal clocks nor a lock.

Source of the rate: NBK25497, 3 requests a second, 10 with an API key.
"""

import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import cast

import redis

from clinical.evidence.sync.errors import PaceUnavailable

WITHOUT_KEY = 3
WITH_KEY = 10
WINDOW_SECONDS = 1.0
# How often a waiting worker asks again where all places belong to requests that are still on their way.
LONGEST_NAP_SECONDS = 0.1

# Take a place: returns the microseconds to wait, 0 where it was taken. Scores are the instants at which places go free.
TAKE = """
local clock = redis.call('TIME')
local now = clock[1] * 1000000 + clock[2]
local rest = redis.call('PTTL', KEYS[2])
if rest > 0 then return rest * 1000 end
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
if redis.call('ZCARD', KEYS[1]) < tonumber(ARGV[1]) then
  redis.call('ZADD', KEYS[1], string.format('%.0f', now + ARGV[3]), ARGV[2])
  redis.call('PEXPIRE', KEYS[1], math.ceil(ARGV[3] / 1000) + 60000)
  return 0
end
local first = redis.call('ZRANGE', KEYS[1], 0, 0, 'WITHSCORES')
return math.max(1, first[2] - now)
"""
# Give it back: it goes free a window from now.
GIVE = """
local clock = redis.call('TIME')
if redis.call('ZSCORE', KEYS[1], ARGV[1]) then
  redis.call('ZADD', KEYS[1], string.format('%.0f', clock[1] * 1000000 + clock[2] + ARGV[2]), ARGV[1])
end
"""


@dataclass(frozen=True)
class Pace:
    """The shared rate. `name` tells apart what NCBI counts apart; `lease_seconds` is longer than any request lasts."""

    client: redis.Redis
    name: str
    places: int
    lease_seconds: float

    @contextmanager
    def place(self) -> Iterator[None]:
        """Wait for a place and hold it while the block sends one request. Raises: PaceUnavailable."""
        holder = secrets.token_hex(8)
        with _told():
            while pause := self._take(holder):
                time.sleep(min(pause, LONGEST_NAP_SECONDS))
        try:
            yield
        finally:
            with _told():
                self.client.eval(GIVE, 1, self._places_key, holder, int(WINDOW_SECONDS * 1e6))

    def rest(self, seconds: float) -> None:
        """Let no worker send anything for so long. Raises: PaceUnavailable."""
        with _told():
            self.client.set(self._rest_key, 1, px=max(1, int(seconds * 1000)))

    def _take(self, holder: str) -> float:
        """Return the seconds to wait; 0 where the place is ours."""
        answer = self.client.eval(
            TAKE, 2, self._places_key, self._rest_key, self.places, holder, int(self.lease_seconds * 1e6)
        )
        return cast(int, answer) / 1e6

    @property
    def _places_key(self) -> str:
        return f"tacit:eutils:{self.name}:places"

    @property
    def _rest_key(self) -> str:
        return f"tacit:eutils:{self.name}:rest"


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except redis.RedisError as error:
        raise PaceUnavailable from error
