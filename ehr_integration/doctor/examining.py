"""All checks of one EHR, one after another; one that fails does not keep the others from looking."""

import logging
from collections.abc import Callable, Iterator
from types import ModuleType

from ehr_integration.connections.domain import Connection
from ehr_integration.doctor.checks import (
    cds,
    chart,
    clock,
    metadata,
    paging,
    scopes,
    searches,
    smart,
    speed,
    tls,
)
from ehr_integration.doctor.domain import Area, DoctorFinding, Examination, Severity
from ehr_integration.doctor.probe import OutOfTime, Probe

logger = logging.getLogger(__name__)

CHECKS: dict[Area, ModuleType] = {
    Area.TLS: tls,
    Area.METADATA: metadata,
    Area.SMART: smart,
    Area.SCOPES: scopes,
    Area.SEARCHES: searches,
    Area.CHART: chart,
    Area.CLOCK: clock,
    Area.PAGING: paging,
    Area.SPEED: speed,
    Area.CDS: cds,
}


def examine(
    connection: Connection,
    *,
    patient_id: str = "",
    token: str = "",
    report: Callable[[Area], None] = lambda _: None,
) -> Examination:
    """Return what was found about an EHR; `report` hears which area is next. Nothing raises, nothing is written.

    A patient makes the searches worth more; a token is used in place of one of ours.
    """
    found: list[DoctorFinding] = []
    with Probe(connection=connection, token=token, patient_id=patient_id) as probe:
        for area, check in CHECKS.items():
            report(area)
            found += _safely(check.check, probe, area)
            if area is Area.METADATA and any(finding.code == "metadata-unreachable" for finding in found):
                break  # nothing else can be asked
    return Examination(url=connection.fhir_base_url, findings=tuple(found), timings_ms=dict(probe.timings_ms))


def _safely(
    check: Callable[[Probe], Iterator[DoctorFinding]], probe: Probe, area: Area
) -> list[DoctorFinding]:
    found: list[DoctorFinding] = []
    try:
        found.extend(check(probe))
    except OutOfTime:
        found.append(_out_of_time(area))
    except Exception as error:  # noqa: BLE001 - a hostile server must not end the examination
        logger.warning("The check of %s ended early (%s)", area.value, type(error).__name__)
        found.append(_ended(area, type(error).__name__))
    return found


def _out_of_time(area: Area) -> DoctorFinding:
    return DoctorFinding(
        "out-of-time",
        Severity.WARNING,
        f"{area.value} was not looked at to its end: the examination had taken too long.",
        "Your server answers so slowly that we could not try everything. Please look for what slows it.",
        area=area,
    )


def _ended(area: Area, error: str) -> DoctorFinding:
    return DoctorFinding(
        "check-ended",
        Severity.WARNING,
        f"The check of {area.value} ended early ({error}): what the EHR sent is very odd.",
        f"What your server sent for {area.value} cannot be read at all. Please check that it is FHIR JSON.",
        area=area,
    )
