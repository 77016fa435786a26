"""Starts the demo EHR: `python -m ehr_integration.sandbox --port 8181`."""

import argparse
import math
import sys
from pathlib import Path

import uvicorn

from ehr_integration.sandbox.search import MAX_COUNT
from ehr_integration.sandbox.server import APP_URL, Options, create_app
from ehr_integration.sandbox.smart.clients import Client, known_clients
from ehr_integration.sandbox.store import load_store


def main() -> None:
    """Serve until interrupted."""
    options = _parser().parse_args()
    app = create_app(
        load_store(),
        Options(
            page_size=options.page_size,
            delay_seconds=options.delay_seconds,
            app_url=options.app_url,
            is_protected=options.protected,
            clients=_clients(options.app_url, options.clients),
        ),
    )
    # No access log: its lines would name patients.
    uvicorn.run(app, host=options.host, port=options.port, access_log=False, lifespan="off", ws="none")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m ehr_integration.sandbox",
        description="An EHR with eight invented patients: pages at http://HOST:PORT/, FHIR R4 under /fhir, SMART App Launch.",
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
    parser.add_argument(
        "--app-url", type=_url, default=APP_URL, help="where Tacit answers, which it launches"
    )
    parser.add_argument(
        "--clients",
        type=Path,
        metavar="FILE",
        help="TOML file of further apps, a table each (docs/demo-ehr.md)",
    )
    parser.add_argument(
        "--protected", action="store_true", help="refuse every FHIR request that brings no access token"
    )
    return parser


def _clients(app_url: str, file: Path | None) -> dict[str, Client]:
    try:
        return known_clients(app_url, file)
    except (OSError, ValueError, TypeError):
        sys.exit(f"{file}: is no TOML file of clients, see docs/demo-ehr.md")


def _url(text: str) -> str:
    if not text.startswith(("http://", "https://")):
        raise argparse.ArgumentTypeError("must be an http or https address")
    return text.rstrip("/")


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
