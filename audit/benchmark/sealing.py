"""The sealer as a process: seals what waits until the word comes, then seals the rest.

python -m audit.benchmark.sealing
"""

import select
import sys
import time

import django

from audit.benchmark.children import READY, tell

PAUSE_SECONDS = 0.2


def main() -> None:
    """Seal, and tell how many entries there were and how long it took."""
    django.setup()
    from audit.ledger.sealer import BATCH, Sealer

    sealer, sealed, busy = Sealer(), 0, 0.0
    sys.stdout.write(f"{READY}\n")
    sys.stdout.flush()
    is_last = False
    while True:
        begun = time.perf_counter()
        count = sealer.seal()
        busy += time.perf_counter() - begun
        sealed += count
        if is_last and not count:
            break
        if count < BATCH and not is_last:
            is_last = bool(select.select([sys.stdin], [], [], PAUSE_SECONDS)[0])
    tell({"sealed": sealed, "busy_seconds": busy})


if __name__ == "__main__":
    main()
