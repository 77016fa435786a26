"""`python -m audit.benchmark`: one JSON object on standard output."""

import argparse
import json
import sys

from audit.benchmark.arguments import add_arguments
from audit.benchmark.errors import BenchmarkFailed
from audit.benchmark.running import run_audit_benchmark


def main() -> int:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(prog="python -m audit.benchmark", description=__doc__)
    add_arguments(parser)
    given = parser.parse_args()
    try:
        document = run_audit_benchmark(
            events=given.events,
            seconds=given.seconds,
            postgresql=given.postgresql,
            on_progress=lambda text: print(text, file=sys.stderr),  # noqa: T201 - a program's own output
        )
    except BenchmarkFailed as error:
        parser.exit(1, f"{error}\n")
    sys.stdout.write(json.dumps(document, indent=2) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
