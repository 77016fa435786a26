"""One writer process: appends for some seconds as requests do, and tells how long each append took.

python -m audit.benchmark.writers ledger|auditlog|chain SECONDS SEED
"""

import sys
import time
from collections.abc import Callable, Iterator

import django

from audit.benchmark.children import tell, wait_for_the_word
from audit.benchmark.peers import auditlog_append, chain_append, configure_peers
from audit.benchmark.workload import events
from audit.domain import Event

WARM_UP = 50


def main(kind: str, seconds: float, seed: int) -> None:
    """Measure one kind of writer."""
    append = WRITERS[kind]()
    load = events(seed)
    for _ in range(WARM_UP):
        append(next(load))
    wait_for_the_word()
    begun = time.perf_counter()
    durations = list(_durations(append, load, seconds))
    tell({"milliseconds": durations, "seconds": time.perf_counter() - begun, "warm_up": WARM_UP})


def _durations(append: Callable[[Event], object], load: Iterator[Event], seconds: float) -> Iterator[float]:
    """Yield the milliseconds of each append with its commit."""
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        event = next(load)
        begun = time.perf_counter()
        append(event)
        yield round((time.perf_counter() - begun) * 1000, 3)


def _ledger() -> Callable[[Event], object]:
    django.setup()
    from audit.services import append

    return append


def _auditlog() -> Callable[[Event], object]:
    configure_peers()
    return auditlog_append()


def _chain() -> Callable[[Event], object]:
    configure_peers()
    return chain_append


WRITERS = {"ledger": _ledger, "auditlog": _auditlog, "chain": _chain}

if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]), int(sys.argv[3]))
