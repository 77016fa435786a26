"""An examination as JSON: the contract of `manage.py ehr doctor --json`."""

from typing import Any

from ehr_integration.doctor.domain import Examination, Severity


def examination_document(examination: Examination) -> dict[str, Any]:
    """Return the examination with counts of each severity."""
    return {
        "url": examination.url,
        "ok": examination.count(Severity.OK),
        "notes": examination.count(Severity.NOTE),
        "warnings": examination.count(Severity.WARNING),
        "errors": examination.count(Severity.ERROR),
        "findings": [
            {
                "code": finding.code,
                "severity": finding.severity.value,
                "area": finding.area.value,
                "what": finding.what,
                "tell": finding.tell,
            }
            for finding in examination.findings
        ],
        "timings_ms": dict(examination.timings_ms),
    }
