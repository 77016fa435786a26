"""Whether a chart comes within its deadline: all its searches run at once, so the slowest decides."""

from collections.abc import Iterator
from functools import partial
from statistics import median

from django.conf import settings

from ehr_integration.doctor.domain import Area, DoctorFinding, Severity
from ehr_integration.doctor.probe import Probe

_finding = partial(DoctorFinding, area=Area.SPEED)

READS = 5


def check(probe: Probe) -> Iterator[DoctorFinding]:
    """Yield how fast small reads are, and the slowest search."""
    replies = [probe.get("metadata") for _ in range(READS)]
    times = sorted(reply.milliseconds for reply in replies)
    first = median(reply.first_byte_ms for reply in replies)
    slowest = max((value for name, value in probe.timings_ms.items() if " " in name), default=0.0)
    probe.timings_ms |= {
        "read median": round(median(times), 1),
        "read worst": round(times[-1], 1),
        "first byte median": round(first, 1),
    }
    yield _finding(
        "speed",
        Severity.OK,
        f"Small reads take {median(times):.0f} ms, {first:.0f} ms to the first byte, at worst {times[-1]:.0f} ms.",
    )
    limit = 1000 * settings.FHIR_DEADLINE_SECONDS
    if slowest > limit / 2:
        yield _slow(slowest, limit)


def _slow(slowest: float, limit: float) -> DoctorFinding:
    return _finding(
        "speed-slow",
        Severity.ERROR if slowest > limit else Severity.WARNING,
        f"The slowest search takes {slowest:.0f} ms; a chart must come within {limit:.0f} ms.",
        f"A search that a bedside answer waits for takes {slowest:.0f} ms. Please look for an index on patient and "
        "category, or tell us smaller pages to ask for.",
    )
