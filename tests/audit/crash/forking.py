"""Appends, forks, and goes on in both processes; prints the ids that each wrote.

python -m tests.audit.crash.forking
"""

import os

from tests.audit.crash.processes import main, tell


def fork() -> None:
    from django.db import connections

    from audit.benchmark.workload import events
    from audit.services import append

    load = events(9)

    def write(who: str) -> None:
        for _ in range(5):
            tell(f"{who} {append(next(load))}")

    write("parent")
    connections.close_all()  # as servers do that fork: no connection can be shared
    child = os.fork()
    write("child" if child == 0 else "parent")
    if child == 0:
        connections.close_all()
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0


if __name__ == "__main__":
    main(fork)
