import pytest

from ehr_integration.chart.fetch import SEARCHES
from ehr_integration.fhir.vendors import fitted, recognised, unmet, vendors


def test_every_quirk_has_a_source_a_day_and_a_note():
    quirks = [quirk for vendor in vendors().values() for quirk in vendor.quirks]
    assert set(vendors()) == {"epic", "oracle-health", "athenahealth", "meditech"}
    assert all(
        quirk.source.startswith("https://") and quirk.checked.year >= 2026 and quirk.note for quirk in quirks
    )


@pytest.mark.parametrize(
    ("base_url", "software", "vendor"),
    [
        ("https://fhir-ehr.cerner.com/r4/x", "", "oracle-health"),
        ("https://notcerner.com/r4", "", None),
        ("https://ehr.example.org/api/FHIR/R4", "Epic", "epic"),
        ("https://api.platform.athenahealth.com/fhir/r4", "", "athenahealth"),
        ("https://x.example.org", "Interoperability Services: US Core STU6 FHIR R4 2.0.0", "meditech"),
        ("https://hapi.example.org/fhir", "HAPI FHIR Server", None),
    ],
)
def test_a_product_is_told_by_its_host_or_its_words(base_url, software, vendor):
    found = recognised(base_url=base_url, software=software)
    assert (found.id if found else None) == vendor


def test_what_a_product_refuses_is_not_sent_and_what_it_needs_is():
    params = {"category": "laboratory", "_sort": "-date", "_count": "200"}
    assert fitted("oracle-health", "Observation", params) == {"category": "laboratory", "_count": "200"}
    assert fitted("athenahealth", "MedicationRequest", {"_count": "100"}) == {
        "intent": "order,plan",
        "_count": "100",
    }
    assert fitted("athenahealth", "Observation", params) == params
    assert fitted("", "Observation", params) == fitted("unheard-of", "Observation", params) == params


@pytest.mark.parametrize("vendor", vendors())
def test_our_own_searches_are_what_every_known_product_takes(vendor):
    for searches in SEARCHES.values():
        for resource_type, params in searches:
            assert not unmet(vendor, resource_type, fitted(vendor, resource_type, params))
    assert unmet("epic", "Observation", {"_count": "1"}) == ("category", "code")
