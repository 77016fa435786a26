"""Appends and seals while the clock steps back, over a day's and a quarter's change; prints the ids.

python -m tests.audit.crash.clocks
"""

from datetime import UTC, datetime, timedelta

import time_machine

from tests.audit.crash.processes import main, tell

NOON = datetime(2026, 10, 1, 12, tzinfo=UTC)
STEPS = (timedelta(), timedelta(seconds=-2), timedelta(hours=-13), timedelta(days=2), timedelta(seconds=-90))


def step() -> None:
    from audit.benchmark.workload import events
    from audit.ledger.sealer import Sealer
    from audit.services import append

    load, sealer = events(5), Sealer()
    for offset in STEPS:
        with time_machine.travel(NOON + offset):
            for _ in range(3):
                tell(str(append(next(load))))
            assert sealer.seal() == 3


if __name__ == "__main__":
    main(step)
