"""How many events a second, and how long an append takes: four processes at once, on one database."""

import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass

from audit.benchmark.children import children
from audit.benchmark.databases import Database
from audit.benchmark.errors import BenchmarkFailed
from audit.benchmark.peers import is_auditlog_installed

WRITERS = 4


@dataclass(frozen=True)
class Throughput:
    """What writers did together; milliseconds are those of an append with its commit."""

    events_per_second: float
    p50_ms: float
    p95_ms: float


def ledger_throughput(database: Database, seconds: float) -> Throughput:
    """Measure the ledger, with the sealer running; fails unless every event was sealed. Raises: BenchmarkFailed."""
    with children("sealing", [()], database) as (sealer,):
        measured, written = _measured("ledger", database, seconds)
        sealer.begin()
        sealed = sealer.result()["sealed"]
    if sealed != written:
        raise BenchmarkFailed(f"Of {written} events {sealed} were sealed")
    return measured


def peer_throughput(database: Database, seconds: float) -> tuple[Throughput | None, Throughput]:
    """Measure django-auditlog (None where it is not installed) and a hash chain. Raises: BenchmarkFailed."""
    command = [sys.executable, "-m", "audit.benchmark.peers"]
    done = subprocess.run(command, env=database.environment(), capture_output=True, text=True, check=False)  # noqa: S603 - our own program
    if done.returncode:
        raise BenchmarkFailed(f"The peers' tables cannot be made: {done.stderr.strip()[-300:]}")
    auditlog = _measured("auditlog", database, seconds)[0] if is_auditlog_installed() else None
    return auditlog, _measured("chain", database, seconds)[0]


def percentile(sorted_values: Sequence[float], share: float) -> float:
    """Return the value that this share of the values does not exceed."""
    return sorted_values[min(int(len(sorted_values) * share), len(sorted_values) - 1)]


def _measured(kind: str, database: Database, seconds: float) -> tuple[Throughput, int]:
    """Return what was measured, and how many events there are now, those of the warm-up with them."""
    arguments = [(kind, str(seconds), str(seed)) for seed in range(WRITERS)]
    with children("writers", arguments, database) as writers:
        for writer in writers:
            writer.begin()
        results = [writer.result() for writer in writers]
    durations = sorted(each for result in results for each in result["milliseconds"])
    if not durations:
        raise BenchmarkFailed("Nothing was written: give the benchmark more seconds")
    elapsed = max(result["seconds"] for result in results)
    measured = Throughput(
        events_per_second=round(len(durations) / elapsed, 1),
        p50_ms=percentile(durations, 0.5),
        p95_ms=percentile(durations, 0.95),
    )
    return measured, len(durations) + sum(result["warm_up"] for result in results)
