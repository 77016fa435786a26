"""How long a bundle takes to become a chart: python -m benchmarks.charts --data ../shared/data/fhir/synthea_r4.

A bundle of the size asked for is made of whole patients: one after another is added, as the record of the first. It
becomes a chart, JSON and all, and beside it fhir.resources parses the same bytes into its R4B models, which is a part of
the work only. Rounds take turns, so that what else the machine does meets both. Then each file as it is.
"""

import argparse
import gzip
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

from fhir.resources.R4B.bundle import Bundle
from tqdm import tqdm

from ehr_integration.chart.bundles import chart_from_json

ON = date(2024, 6, 1)
MEGABYTES = 3.0
ROUNDS = 20
GOAL_MS = 150.0
GZIP = b"\x1f\x8b"


def main() -> None:
    """Print the figures."""
    given = _parser().parse_args()
    files = sorted(path for path in given.data.iterdir() if path.is_file()) if given.data.is_dir() else []
    if not files:
        sys.exit(f"{given.data} is no folder with FHIR bundles: name one with whole patients, plain or gzip")
    bodies = [unpacked(path) for path in files]
    figures = measured(bodies, megabytes=given.megabytes, rounds=given.rounds)
    if given.json:
        sys.stdout.write(json.dumps(figures, indent=2) + "\n")
    else:
        sys.stdout.writelines(f"{name:24} {value}\n" for name, value in figures.items())


def measured(bodies: Sequence[bytes], *, megabytes: float, rounds: int) -> dict[str, Any]:
    """Return the figures by key: of the large bundle, and of each body as it is."""
    large = merged([json.loads(body) for body in bodies], at_least=int(megabytes * 1_000_000))
    chart = chart_from_json(large, on=ON)
    ours, theirs = [], []
    for _ in tqdm(range(rounds), desc="Rounds", disable=None):
        ours.append(milliseconds(lambda: chart_from_json(large, on=ON)))
        theirs.append(milliseconds(lambda: Bundle.model_validate_json(large)))
    each = [milliseconds(partial(chart_from_json, body, on=ON)) for body in bodies]
    return {
        "bundle_bytes": len(large),
        "facts": len(chart.facts),
        "measurements": len(chart.measurements),
        "findings": len(chart.findings),
        "chart_p50_ms": round(median(ours), 1),
        "chart_max_ms": round(max(ours), 1),
        "goal_ms": GOAL_MS,
        "fhir_resources_p50_ms": round(median(theirs), 1),
        "ratio": round(median(theirs) / median(ours), 2),
        "rounds": rounds,
        "files": len(bodies),
        "file_p50_ms": round(median(each), 1),
        "file_max_ms": round(max(each), 1),
    }


def merged(bundles: Sequence[dict[str, Any]], *, at_least: int) -> bytes:
    """Return a bundle of that many bytes or somewhat more, all of it the first patient's.

    Raises: ValueError, where all bundles together are smaller.
    """
    entries: list[dict[str, Any]] = []
    size = 0
    for bundle in bundles:
        for entry in entries_for(bundle, first=bundles[0], is_first=bundle is bundles[0]):
            entries.append(entry)
            text = json.dumps(entry, indent=2)
            size += len(text) + 4 * text.count("\n")  # further in than alone
            if size >= at_least:
                whole = {"resourceType": "Bundle", "type": "collection", "entry": entries}
                return json.dumps(whole, indent=2).encode()
    raise ValueError(f"{len(bundles)} bundles have {size} bytes together: ask for fewer megabytes")


def entries_for(bundle: dict[str, Any], *, first: dict[str, Any], is_first: bool) -> Iterator[dict[str, Any]]:
    """Yield a bundle's entries as the first patient's, requests left out; only the first brings its Patient."""
    own, wanted = _patient_url(bundle), _patient_url(first)
    for entry in bundle["entry"]:
        if entry["resource"]["resourceType"] == "Patient" and not is_first:
            continue
        moved = json.loads(json.dumps(entry).replace(own, wanted))
        yield {"fullUrl": moved["fullUrl"], "resource": moved["resource"]}


def _patient_url(bundle: dict[str, Any]) -> str:
    return next(
        str(each["fullUrl"]) for each in bundle["entry"] if each["resource"]["resourceType"] == "Patient"
    )


def unpacked(path: Path) -> bytes:
    """Return a file's bytes, unpacked where they are gzip."""
    body = path.read_bytes()
    return gzip.decompress(body) if body.startswith(GZIP) else body


def milliseconds(work: Callable[[], object]) -> float:
    """Return how long the work takes."""
    begun = perf_counter()
    work()
    return (perf_counter() - begun) * 1000


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True, help="a folder of bundles of whole patients")
    parser.add_argument(
        "--megabytes", type=float, default=MEGABYTES, help="size of the large bundle (%(default)s)"
    )
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="how often each is done (%(default)s)")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of a table")
    return parser


if __name__ == "__main__":
    main()
