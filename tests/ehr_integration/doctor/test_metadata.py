"""The CapabilityStatement: there, of a release that we read, of a known product, as registered."""

import pytest

from ehr_integration.doctor.domain import UNREGISTERED, Severity
from tests.ehr_integration.doctor.healthy import METADATA, codes, examined, of_code

EPIC = {**METADATA, "software": {"name": "Epic"}}


@pytest.mark.parametrize(
    ("version", "severity"),
    [("4.0.1", None), ("4.3.0", None), ("5.0.0", Severity.NOTE), ("1.0.2", Severity.ERROR)],
)
def test_a_release_that_we_do_not_read_is_an_error(version, severity):
    found = examined({"metadata": {**METADATA, "fhirVersion": version}})
    assert [each.severity for each in found.findings if each.code == "fhir-version"] == (
        [severity] if severity else []
    )


def test_an_ehr_without_json_is_an_error():
    assert "metadata-format" in codes(examined({"metadata": {**METADATA, "format": ["xml"]}}), Severity.ERROR)


def test_a_sign_in_page_is_no_capability_statement():
    found = examined({"metadata": (200, {"Content-Type": "text/html"}, b"<html>")})
    assert "sign-in page" in of_code(found, "metadata-none").tell


def test_what_is_known_of_the_product_is_told_with_its_source():
    found = examined({"metadata": EPIC}, more={"name": UNREGISTERED})
    assert "https://" in of_code(found, "vendor").what
    assert "registered-otherwise" not in codes(found)


def test_another_product_than_was_registered_is_told():
    found = examined({"metadata": EPIC}, more={"name": "st-mary"})
    assert "ehr register --name st-mary" in of_code(found, "registered-otherwise").what


def test_the_searches_of_an_unregistered_product_are_fitted_to_it():
    refused: tuple[int, dict[str, str], bytes] = (400, {}, b"")

    def observations(path, query):
        return refused if "_sort" in query else {"resourceType": "Bundle"}

    cerner = {**METADATA, "software": {"name": "Cerner Millennium"}}
    changes = {"metadata": cerner, "Observation": observations}
    assert "search-refused" not in codes(examined(changes, more={"name": UNREGISTERED}))
    assert "search-refused" in codes(examined(changes, more={"name": "st-mary"}))
