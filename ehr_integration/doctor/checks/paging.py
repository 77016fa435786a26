"""Whether a search leads from page to page, on the EHR's own address, and ends. Source: FHIR R4, RESTful API, "Paging"."""

from collections.abc import Iterator
from functools import partial

from ehr_integration.doctor.domain import Area, DoctorFinding, Severity
from ehr_integration.doctor.probe import Probe
from ehr_integration.doctor.replies import Reply
from ehr_integration.errors import EhrInvalidResponse
from ehr_integration.fhir.origin import next_url, resource_url

_finding = partial(DoctorFinding, area=Area.PAGING)

PAGES = 4
KIND = "Observation"


def check(probe: Probe) -> Iterator[DoctorFinding]:
    """Yield how paging fared, with pages of one resource."""
    if not probe.patient_id:
        return
    params = {"patient": probe.patient_id, "category": "laboratory", "_count": "1"}
    url = resource_url(probe.connection.fhir_base_url, KIND).copy_merge_params(params)
    reply, seen = probe.fetch(url, token=probe.token), set[str]()
    for page in range(1, PAGES + 1):
        if not reply.is_searchset:
            yield _no_page(reply, page)
            return
        ids = [str(resource.get("id")) for resource in reply.resources(KIND)]
        if len(ids) > 1 and page == 1:
            yield _finding("paging-count", Severity.NOTE, f"_count=1 is not kept: a page had {len(ids)}.")
        if page > 1 and ids and set(ids) <= seen:
            yield _repeats()
            return
        seen |= set(ids)
        link = reply.link("next")
        if not link:
            yield from _incomplete(reply, len(seen))
            break
        try:
            url = next_url(probe.connection.fhir_base_url, current=url, link=link)
        except EhrInvalidResponse:
            yield _leaves()
            return
        reply = probe.fetch(url, token=probe.token)
    yield _finding("paging", Severity.OK, f"Results over pages of one: {len(seen)}.")


def _no_page(reply: Reply, page: int) -> DoctorFinding:
    what = "The search for pages" if page == 1 else "A next link"
    return _finding(
        "paging-refused",
        Severity.ERROR,
        f"{what} answered {reply.said}.",
        f"{'A search of Observation by patient, category and _count=1' if page == 1 else 'Following the next link of an Observation search'} "
        f"answers {reply.said} in place of a Bundle (FHIR R4, RESTful API, Paging). We cannot read beyond it.",
    )


def _repeats() -> DoctorFinding:
    return _finding(
        "paging-repeats",
        Severity.ERROR,
        "The next page repeats the one before.",
        "Following the next link of an Observation search gives the same page again. We cannot read on.",
    )


def _leaves() -> DoctorFinding:
    return _finding(
        "paging-leaves",
        Severity.ERROR,
        "The next link names another address than the base URL.",
        "The next links of your search pages name another host or path than the base URL that you gave us. We "
        "never send a token there: please have the server use its public base URL in links.",
    )


def _incomplete(reply: Reply, seen: int) -> Iterator[DoctorFinding]:
    total = reply.document.get("total")
    if isinstance(total, int) and total > seen:
        yield _finding(
            "paging-ends",
            Severity.ERROR,
            f"No further page is linked after {seen} results, where the EHR counts more.",
            "The Bundle of an Observation search has a total above the results sent and no next link (FHIR R4, "
            "RESTful API, Paging): a record would look complete and lack its rest. Please send next links.",
        )
