"""A worker of its own process: searches so many times, at the rate that it shares with the others."""

import contextlib
import sys

import redis

from clinical.evidence.sync.egress import EVERY_RECORD
from clinical.evidence.sync.eutils.client import Eutils, Identity
from clinical.evidence.sync.eutils.pace import WITH_KEY, WITHOUT_KEY, Pace
from clinical.evidence.sync.eutils.sending import Limits, Sender, new_client


def main(redis_url: str, address: str, name: str, key: str, times: int) -> None:
    """Search, and fail where the server refuses."""
    limits = Limits(attempts=1)
    with redis.Redis.from_url(redis_url) as keeper, new_client(limits, is_here=True) as client:
        places = WITH_KEY if key else WITHOUT_KEY
        pace = Pace(client=keeper, name=name, places=places, lease_seconds=10)
        eutils = Eutils(
            Sender(client, address, pace, limits), Identity(api_key=key), lambda _: contextlib.nullcontext()
        )
        for _ in range(times):
            eutils.search(EVERY_RECORD)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3], sys.argv[4], int(sys.argv[5]))
