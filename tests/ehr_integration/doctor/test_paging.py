"""Pages of one: they lead on, stay on the EHR, do not repeat, and do not end early."""

import pytest

from ehr_integration.doctor.domain import Severity
from tests.ehr_integration.doctor.healthy import codes, examined, of_code
from tests.ehr_integration.doctor.test_searches import observation
from tests.ehr_integration.ehr import bundle, serving


def paged(**pages):
    """An answer that serves the searches as they are and, by `page`, what follows."""
    return lambda path, query: pages.get(f"page{query.get('page', ['1'])[0]}")


def test_pages_are_followed_to_their_end():
    pages = paged(
        page1=bundle(observation(1), next_link="Observation?page=2"),
        page2=bundle(observation(2), next_link="/fhir/Observation?page=3"),
        page3=bundle(observation(3)),
    )
    assert of_code(examined({"Observation": pages}), "paging").what == "Results over pages of one: 3."


def test_paging_that_leaves_the_ehr_is_an_error_and_is_not_followed():
    with serving(lambda path, query: bundle()) as other:
        page = bundle(observation(1), next_link=f"{other.base_url}/Observation?page=2")
        found = examined({"Observation": page}, token="secret")
        assert "paging-leaves" in codes(found, Severity.ERROR)
        assert other.requests == []


def test_paging_that_repeats_is_an_error():
    page = bundle(observation(1), next_link="Observation?page=2")
    assert "paging-repeats" in codes(examined({"Observation": page}), Severity.ERROR)


def test_results_that_are_counted_and_not_linked_are_an_error():
    page = {**bundle(observation(1)), "total": 7}
    assert "paging-ends" in codes(examined({"Observation": page}), Severity.ERROR)
    assert "paging-ends" not in codes(examined({"Observation": {**page, "total": 1}}))


def test_a_page_that_holds_more_than_one_is_a_note():
    page = bundle(observation(1), observation(2))
    assert "paging-count" in codes(examined({"Observation": page}), Severity.NOTE)


@pytest.mark.parametrize(
    ("pages", "said"),
    [
        ({"page1": (404, {}, b"")}, "_count=1 answers 404"),
        (
            {
                "page1": bundle(observation(1), next_link="Observation?page=2"),
                "page2": (410, {}, b""),
            },
            "next link of an Observation search answers 410",
        ),
    ],
)
def test_a_page_that_is_refused_is_an_error(pages, said):
    found = examined({"Observation": paged(**pages)})
    assert said in of_code(found, "paging-refused").tell
    assert "paging" not in codes(found)
