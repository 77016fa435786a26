"""A file of one patient's record becomes a chart: what it is, is told by its content, not by its name."""

import gzip
import zlib
from collections.abc import Callable
from datetime import date
from pathlib import Path

from ehr_integration.ccda.charts import chart_from_cda, is_cda
from ehr_integration.chart.bundles import chart_from_json
from ehr_integration.chart.domain import Chart
from ehr_integration.chart.records import MAX_BYTES
from ehr_integration.errors import ChartRefusal, ChartRefused
from ehr_integration.hl7v2.charts import chart_from_hl7v2, is_hl7v2

GZIP = b"\x1f\x8b"
BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def read_file(path: Path, *, on: date) -> Chart:
    """Return the chart of a file, which may be compressed with gzip, as of the given day.

    Raises: ChartRefused, where no reader knows the content, or no chart can be made of it.
    """
    return read_body(_content(path), on=on)


def read_body(body: bytes, *, on: date) -> Chart:
    """Return the chart of what a file holds. Raises: ChartRefused."""
    start = body[:1024].removeprefix(BYTE_ORDER_MARK).lstrip()
    for is_ours, read in FORMATS:
        if is_ours(start):
            return read(body, on=on)
    raise ChartRefused(
        ChartRefusal.UNKNOWN_FORMAT,
        "Neither FHIR JSON nor another format that is read: convert the file first",
    )


def _is_json(start: bytes) -> bool:
    return start.startswith((b"{", b"["))


# Each reader with how its content begins, white space and byte order mark removed.
FORMATS: tuple[tuple[Callable[[bytes], bool], Callable[..., Chart]], ...] = (
    (_is_json, chart_from_json),
    (is_hl7v2, chart_from_hl7v2),
    (is_cda, chart_from_cda),
)


def _content(path: Path) -> bytes:
    """Return the file's bytes, unpacked, at most MAX_BYTES of them."""
    try:
        with path.open("rb") as file:
            body = file.read(MAX_BYTES + 1)
    except OSError:
        raise ChartRefused(
            ChartRefusal.UNREADABLE, "The file cannot be read: check that it is there, and its mode"
        ) from None
    if body.startswith(GZIP):
        try:
            with gzip.open(path) as packed:
                body = packed.read(MAX_BYTES + 1)
        except (OSError, EOFError, zlib.error):
            raise ChartRefused(
                ChartRefusal.UNKNOWN_FORMAT, "A gzip file that cannot be unpacked: send it again"
            ) from None
    if len(body) > MAX_BYTES:
        raise ChartRefused(
            ChartRefusal.TOO_LARGE,
            f"A file of more than {MAX_BYTES // 1024 // 1024} MiB: send the record in smaller parts",
        )
    return body
