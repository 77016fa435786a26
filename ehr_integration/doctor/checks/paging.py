"""Whether a search leads from page to page, on the EHR's own address, and ends. Source: FHIR R4, 3.1.1.5.10 (paging)."""

from collections.abc import Iterator
from functools import partial
from typing import Any

import httpx

from ehr_integration.doctor.domain import Area, DoctorFinding, Severity
from ehr_integration.doctor.probe import Probe, Reply
from ehr_integration.errors import EhrInvalidResponse
from ehr_integration.fhir.origin import next_url, resource_url

_finding = partial(DoctorFinding, area=Area.PAGING)

PAGES = 4


def check(probe: Probe) -> Iterator[DoctorFinding]:
    """Yield how paging fared, with pages of one resource."""
    if not probe.patient_id:
        return
    params = {"patient": probe.patient_id, "category": "laboratory", "_count": "1"}
    url = resource_url(probe.connection.fhir_base_url, "Observation").copy_merge_params(params)
    reply, seen = probe.fetch(url, token=probe.token), set[str]()
    for page in range(1, PAGES + 1):
        ids = _ids(reply)
        if len(ids) > 1:
            yield _finding("paging-count", Severity.NOTE, f"_count=1 is not kept: a page had {len(ids)}.")
        if page > 1 and ids and set(ids) <= seen:
            yield _finding(
                "paging-repeats",
                Severity.ERROR,
                "The next page repeats the one before.",
                "Following the next link of an Observation search gives the same page again. We cannot read on.",
            )
            return
        seen |= set(ids)
        link = _next(reply)
        if link is None:
            break
        try:
            url = next_url(probe.connection.fhir_base_url, current=httpx.URL(url), link=link)
        except EhrInvalidResponse:
            yield _finding(
                "paging-leaves",
                Severity.ERROR,
                "The next link names another address than the base URL.",
                "The next links of your search pages name another host or path than the base URL that you gave us. We "
                "never send a token there: please have the server use its public base URL in links.",
            )
            return
        reply = probe.fetch(url, token=probe.token)
    yield _finding("paging", Severity.OK, f"{len(seen)} results over pages of one.")


def _ids(reply: Reply) -> list[str]:
    return [
        str(entry["resource"].get("id"))
        for entry in _entries(reply)
        if isinstance(entry.get("resource"), dict)
    ]


def _entries(reply: Reply) -> list[dict[str, Any]]:
    found = reply.document.get("entry")
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def _next(reply: Reply) -> str | None:
    links = reply.document.get("link")
    for link in links if isinstance(links, list) else []:
        if isinstance(link, dict) and link.get("relation") == "next" and isinstance(link.get("url"), str):
            return str(link["url"])
    return None
