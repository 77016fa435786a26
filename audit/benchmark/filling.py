"""Fills a ledger with half a year of events, encrypted and sealed like any, many in each transaction.

python -m audit.benchmark.filling COUNT SEED
"""

import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice

import django

from audit.benchmark.children import tell, wait_for_the_word
from audit.benchmark.workload import events

IN_A_TRANSACTION = 250
DAYS = 180


def main(count: int, seed: int) -> None:
    """Append `count` events."""
    django.setup()
    from django.utils import timezone

    from audit.ledger.append import documents_of, write_documents

    load = events(seed)
    wait_for_the_word()
    for moment, size in _batches(count, timezone.now()):
        write_documents(documents_of(list(islice(load, size)), moment), moment)
    tell({"written": count})


def _batches(count: int, end: datetime) -> Iterator[tuple[datetime, int]]:
    """Yield when each batch is recorded, and how many events it has."""
    for start in range(0, count, IN_A_TRANSACTION):
        age = timedelta(days=DAYS) * (1 - start / count)
        yield end - age, min(IN_A_TRANSACTION, count - start)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
