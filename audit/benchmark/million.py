"""What a large ledger costs: to search it, to export it, to verify the export offline."""

import json
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from audit import verifier
from audit.benchmark.children import children
from audit.benchmark.databases import Database
from audit.benchmark.errors import BenchmarkFailed
from audit.benchmark.throughput import percentile

FILLERS = 2
SEARCHES = 200


@dataclass(frozen=True)
class Million:
    """Figures of a ledger of `events` events."""

    events: int
    fill_seconds: float
    search_p50_ms: float
    search_p95_ms: float
    export_seconds: float
    verify_seconds: float


def measure_million(database: Database, events: int, on_progress: Callable[[str], None]) -> Million:
    """Fill the empty ledger, search it, export all of it and verify that. Raises: BenchmarkFailed."""
    on_progress(f"Filling a ledger with {events:,} events")
    fill_seconds = _fill(database, events)
    on_progress("Searching it")
    searched = _run("searching", database, str(SEARCHES))
    durations = sorted(searched["milliseconds"])
    on_progress("Exporting all of it")
    package = database.home / "package"
    exported = _run("exporting", database, str(package))
    on_progress("Verifying the export")
    verify_seconds = _verify(package, exported["key"], events)
    return Million(
        events=events,
        fill_seconds=round(fill_seconds, 1),
        search_p50_ms=round(percentile(durations, 0.5), 2),
        search_p95_ms=round(percentile(durations, 0.95), 2),
        export_seconds=round(exported["seconds"], 1),
        verify_seconds=round(verify_seconds, 2),
    )


def _fill(database: Database, events: int) -> float:
    """Append with several processes while the sealer runs; return the seconds until all is sealed."""
    shares = [events // FILLERS] * (FILLERS - 1)
    shares.append(events - sum(shares))
    with (
        children("sealing", [()], database) as (sealer,),
        children(
            "filling", [(str(share), str(seed)) for seed, share in enumerate(shares)], database
        ) as fillers,
    ):
        begun = time.perf_counter()
        for filler in fillers:
            filler.begin()
        for filler in fillers:
            filler.result()
        sealer.begin()
        sealed = sealer.result()["sealed"]
        if sealed != events:
            raise BenchmarkFailed(f"Of {events} events {sealed} were sealed")
        return time.perf_counter() - begun


def _run(module: str, database: Database, *arguments: str) -> dict[str, Any]:
    with children(module, [arguments], database) as (child,):
        child.begin()
        return child.result()


def _verify(package: Path, key: str, events: int) -> float:
    """Run the verifier as an auditor does, alone; return its seconds."""
    command = [sys.executable, "-I", str(Path(verifier.__file__)), str(package), "--key", key, "--json"]
    begun = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own program
    seconds = time.perf_counter() - begun
    if done.returncode:
        raise BenchmarkFailed(f"The export does not verify: {(done.stdout or done.stderr).strip()[-300:]}")
    if json.loads(done.stdout)["events"] != events:
        raise BenchmarkFailed("The export holds another number of events than were written")
    return seconds
