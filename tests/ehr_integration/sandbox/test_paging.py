"""Pages: every resource once, by links alone."""

from collections.abc import Callable, Iterator

import httpx

from ehr_integration.sandbox.builder.terms import Resource
from ehr_integration.sandbox.server import Options, create_app


def _link(bundle: Resource, relation: str) -> str | None:
    return next((link["url"] for link in bundle["link"] if link["relation"] == relation), None)


def _walk(get: Callable[[str], httpx.Response], url: str | None) -> Iterator[Resource]:
    while url:
        bundle = get(url).json()
        yield bundle
        url = _link(bundle, "next")


def test_paging_walks_all_observations_exactly_once(client, store):
    bundles = list(_walk(client.get, "/fhir/Observation"))
    seen = [entry["resource"]["id"] for bundle in bundles for entry in bundle["entry"]]
    assert seen == list(store.by_type["Observation"])
    assert {bundle["total"] for bundle in bundles} == {len(seen)}
    assert {len(bundle["entry"]) for bundle in bundles[:-1]} == {20}


def test_a_cursor_keeps_filter_order_and_page_length(client, found_ids):
    bundles = list(
        _walk(client.get, "/fhir/Observation?patient=sepsis&category=laboratory&_sort=-date&_count=7")
    )
    seen = [entry["resource"]["id"] for bundle in bundles for entry in bundle["entry"]]
    assert len(bundles) > 3
    assert seen == found_ids("Observation", patient="sepsis", category="laboratory", _sort="-date")


def test_an_entry_tells_its_address_and_why_it_is_there(client):
    bundle = client.get("/fhir/Patient?_id=child").json()
    (entry,) = bundle["entry"]
    assert entry["fullUrl"] == "http://ehr.test/fhir/Patient/child"
    assert entry["search"] == {"mode": "match"}
    assert client.get(entry["fullUrl"]).json() == entry["resource"]
    assert (bundle["type"], bundle["total"]) == ("searchset", 1)


def test_the_self_link_gives_the_same_page_again(client):
    for bundle in _walk(client.get, "/fhir/Condition?_count=15"):
        assert client.get(_link(bundle, "self")).json()["entry"] == bundle["entry"]


def test_a_page_holds_at_most_a_hundred(client):
    assert len(client.get("/fhir/Observation?_count=5000").json()["entry"]) == 100


def test_a_count_of_zero_asks_for_the_total_alone(client, store):
    bundle = client.get("/fhir/Observation?_count=0").json()
    assert bundle["entry"] == []
    assert bundle["total"] == len(store.by_type["Observation"])
    assert _link(bundle, "next") is None


def test_a_cursor_belongs_to_its_type_its_link_and_its_process(client, client_of, store):
    following = _link(client.get("/fhir/Observation").json(), "next") or ""
    assert client.get(following).status_code == 200
    assert client.get(following.replace("/Observation", "/Condition")).status_code == 400
    assert client.get(f"{following}&patient=child").status_code == 400
    assert client.get(following[:-2]).status_code == 400
    restarted = client_of(create_app(store))
    assert restarted.get(following).status_code == 400


def test_the_page_size_is_a_choice_of_who_starts_the_server(client_of, store):
    small = client_of(create_app(store, Options(page_size=3)))
    assert len(small.get("/fhir/Condition").json()["entry"]) == 3
