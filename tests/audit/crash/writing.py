"""Appends without end, in all the ways that requests do, and tells each event's id once its append is committed.

python -m tests.audit.crash.writing SEED
"""

import random
import sys
from itertools import islice

from tests.audit.crash.processes import main, tell


def write() -> None:
    from django.db import transaction

    from audit.benchmark.workload import events
    from audit.services import append, append_all

    chance, load = random.Random(int(sys.argv[1])), events(int(sys.argv[1]))
    while True:
        kind = chance.random()
        if kind < 0.6:
            ids = [append(next(load))]
        elif kind < 0.75:
            ids = append_all(list(islice(load, 3)))
        elif kind < 0.9:
            with transaction.atomic():
                ids = [append(next(load)), append(next(load))]
        else:
            ids = []
            with transaction.atomic():
                append(next(load))
                transaction.set_rollback(True)
        for each in ids:
            tell(str(each))


if __name__ == "__main__":
    main(write)
