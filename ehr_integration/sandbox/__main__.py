"""Starts the demo EHR: `python -m ehr_integration.sandbox --port 8181`."""

import argparse
import math

import uvicorn

from ehr_integration.sandbox.search import MAX_COUNT
from ehr_integration.sandbox.server import create_app
from ehr_integration.sandbox.store import load_store


def main() -> None:
    """Serve until interrupted."""
    options = _parser().parse_args()
    app = create_app(load_store(), page_size=options.page_size, delay_seconds=options.delay_seconds)
    # No access log: its lines would name patients.
    uvicorn.run(app, host=options.host, port=options.port, access_log=False, lifespan="off", ws="none")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m ehr_integration.sandbox",
        description="A FHIR R4 server with eight invented patients, under http://HOST:PORT/fhir.",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--port", type=_port, default=8181, help="port to listen on")
    parser.add_argument(
        "--delay-seconds", type=_delay, default=0.0, help="wait this long before every answer"
    )
    parser.add_argument(
        "--page-size", type=_page_size, default=20, help="resources a page where _count is not given"
    )
    return parser


def _port(text: str) -> int:
    return _within(int(text), 1, 65535)


def _page_size(text: str) -> int:
    return _within(int(text), 1, MAX_COUNT)


def _within(number: int, low: int, high: int) -> int:
    if not low <= number <= high:
        raise argparse.ArgumentTypeError(f"must be from {low} to {high}")
    return number


def _delay(text: str) -> float:
    seconds = float(text)
    if not (math.isfinite(seconds) and seconds >= 0):
        raise argparse.ArgumentTypeError("must be 0 or more seconds")
    return seconds


if __name__ == "__main__":
    main()
