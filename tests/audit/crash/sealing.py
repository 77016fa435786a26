"""Seals without end.

    python -m tests.audit.crash.sealing [reckless]

"reckless" seals without asking for the lease, as two processes would that both believe to have it.
"""

import sys

from tests.audit.crash.processes import main, tell


def seal() -> None:
    from audit.errors import SealerBusy
    from audit.ledger.sealer import Sealer

    sealer = Sealer()
    if sys.argv[1:] == ["reckless"]:
        vars(sealer)["_take_lease"] = lambda: None
    while True:
        try:
            count = sealer.seal()
        except SealerBusy:
            tell("busy")
        else:
            if count:
                tell("sealed")


if __name__ == "__main__":
    main(seal)
