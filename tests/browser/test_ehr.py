"""The clinician's whole way, in the demo EHR: open a patient, see cards, override one, open Tacit in the frame, ask."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import MILLISECONDS_TO_WAIT
from tests.browser.test_accessibility import NARROW, check
from tests.product import QUESTION, Product

pytestmark = pytest.mark.browser


def opened(browser: Browser, product: Product, **options: object) -> Page:
    """The record of the patient with atrial fibrillation, as the demo EHR's first doctor sees it."""
    context = browser.new_context(**options)  # type: ignore[arg-type]
    context.set_default_timeout(MILLISECONDS_TO_WAIT)
    page = context.new_page()
    page.goto(f"http://127.0.0.1:{product.environment['TACIT_SANDBOX_PORT']}/")
    page.get_by_role("button", name="Dr. Alma Fieldnote").click()
    page.get_by_role("link", name="Adelaide Samplewick").click()
    return page


def test_from_the_record_to_the_answer(browser: Browser, product: Product) -> None:
    page = opened(browser, product)
    expect(page.locator("#cards-said")).to_contain_text("1 card for patient-view")
    expect(page.locator(".card h3")).to_contain_text("Atrial fibrillation on warfarin with labile INR")
    page.select_option("#medicine", "ibuprofen")
    card = page.locator(".card.warning")
    expect(card).to_contain_text("Warfarin with ibuprofen")
    expect(card.get_by_role("button", name="Remove the draft order")).to_be_visible()
    card.get_by_role("button", name="Ask Tacit about this").click()
    frame = page.frame_locator("#app")
    expect(frame.get_by_label("Question")).to_have_value(
        "What is the risk of vitamin K antagonist together with NSAID, and what are the alternatives?"
    )
    expect(frame.get_by_label("Patient", exact=True)).to_contain_text("Adelaide Samplewick")
    expect(frame.get_by_label("Patient", exact=True).locator("option")).to_have_count(1)
    frame.get_by_label("Question").fill(QUESTION)
    frame.get_by_role("button", name="Ask", exact=True).click()
    expect(frame.locator("[data-outcome]")).to_be_visible()
    page.context.close()


def test_an_override_reaches_the_figures(browser: Browser, product: Product) -> None:
    page = opened(browser, product)
    page.select_option("#medicine", "amoxicillin")
    card = page.locator(".card.critical")
    card.get_by_label("Reason for overriding").select_option(label="The record is wrong or out of date")
    with page.expect_response("**/feedback") as answered:
        card.get_by_role("button", name="Override").click()
    assert answered.value.json() == {}
    page.context.close()
    with product.client("olga") as officer:
        rules = {rule["rule_id"]: rule for rule in officer.get("/cds-rules").json()}
    assert rules["allergy-penicillin-class"]["reasons"] == {"chart-is-wrong": 1}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_demo_ehr_s_pages_are_accessible(browser: Browser, product: Product, scheme: str) -> None:
    page = opened(browser, product, color_scheme=scheme, viewport=NARROW)
    expect(page.locator(".card")).to_have_count(1)
    check(page)
    for path in ("/", "/launcher"):
        page.goto(f"http://127.0.0.1:{product.environment['TACIT_SANDBOX_PORT']}{path}")
        check(page)
    page.context.close()
