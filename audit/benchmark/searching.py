"""Opens the first page of one patient's events, for many patients.

python -m audit.benchmark.searching SEARCHES
"""

import random
import sys
import time
from datetime import UTC, datetime

import django

from audit.benchmark.children import tell, wait_for_the_word
from audit.benchmark.workload import PATIENTS, patient

PAGE = 50


def main(searches: int) -> None:
    """Tell the milliseconds of each search, from the patient's id to the opened AuditEvents."""
    django.setup()
    from audit.ledger.paging import read_page
    from audit.ledger.reading import Query

    ever = datetime(2020, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC)
    wait_for_the_word()
    durations, found = [], 0
    for number in random.Random(1).choices(range(PATIENTS), k=searches):  # noqa: S311 - a load, not a secret
        query = Query(since=ever[0], until=ever[1], values={"patient": patient(number)})
        begun = time.perf_counter()
        found += len(read_page(query, limit=PAGE, is_newest_first=True).documents)
        durations.append((time.perf_counter() - begun) * 1000)
    tell({"milliseconds": durations, "found": found})


if __name__ == "__main__":
    main(int(sys.argv[1]))
