"""npm `fhirclient`, which others wrote and EHRs' apps use, completes the EHR launch and reads its patient."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import browser  # noqa: F401 - a fixture


@pytest.mark.browser
def test_fhirclient_launches_from_the_record_and_reads_the_patient(browser, protected_ehr):  # noqa: F811
    page = browser.new_page()
    page.goto(f"{protected_ehr}/launcher")
    page.get_by_role("button", name="Dr. Alma Fieldnote").click()
    page.get_by_label("App", exact=True).select_option("contract-app")
    page.get_by_label("Patient", exact=True).select_option("af-ckd")
    with page.context.expect_page() as opened:
        page.get_by_role("button", name="Launch").click()
    app = opened.value
    expect(app.locator("#patient")).to_contain_text("af-ckd |")
    patient, results, user, scope = app.locator("#patient").inner_text().split(" | ")
    assert patient == "af-ckd"
    assert int(results) > 20
    assert user == "Practitioner/alma"
    assert "patient/Observation.rs" in scope
    page.context.close()
