"""Every page, in light and dark: no finding of axe-core, and no sideways scrolling on a narrow screen."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import SignIn
from tests.product import QUESTION, Product

pytestmark = pytest.mark.browser

NARROW = {"width": 360, "height": 740}


@pytest.fixture(params=["light", "dark"])
def scheme(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def check(page: Page) -> None:
    """Fail with axe's report, or where the page is wider than its window."""
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), page.url


def test_the_clinicians_pages(sign_in: SignIn, scheme: str) -> None:
    page = sign_in("alma", color_scheme=scheme, viewport=NARROW)
    check(page)
    page.select_option("#patient", "messy")
    page.fill("#question", QUESTION)
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.locator("[data-outcome]")).to_be_visible()
    for summary in page.locator("summary").all():
        summary.click()
    check(page)
    page.locator("[data-in-context]").first.click()
    expect(page.locator("dialog mark")).to_be_visible()
    check(page)
    page.goto(page.locator("[data-in-context]").first.get_attribute("href") or "")
    check(page)
    page.goto("/nowhere")
    check(page)


def test_the_reviewers_pages(sign_in: SignIn, scheme: str) -> None:
    page = sign_in("ravi", color_scheme=scheme, viewport=NARROW)
    check(page)
    page.fill("#question", "Does apixaban prevent stroke?")
    page.get_by_role("button", name="Start the review").click()
    expect(page.locator("#review")).to_be_visible()
    check(page)
    expect(page.locator("[data-final]")).to_be_visible()
    check(page)
    page.goto("/reviews")
    check(page)


def test_the_pages_of_officer_and_administrator(sign_in: SignIn, scheme: str) -> None:
    page = sign_in("olga", color_scheme=scheme, viewport=NARROW)
    check(page)
    page.goto("/audit?since=2026-02-02&until=2026-02-01")
    check(page)
    page.goto("/cds/rules")
    check(page)


def test_what_the_doctor_found(sign_in: SignIn) -> None:
    """In light, and once more when the same page has turned dark: an examination takes seconds."""
    page = sign_in("ada", color_scheme="light", viewport=NARROW)
    check(page)
    page.goto("/ehr/doctor")
    page.get_by_role("button", name="Examine").click()
    expect(page.get_by_role("heading", name="What was found")).to_be_visible()
    check(page)
    page.emulate_media(color_scheme="dark")
    check(page)


def test_the_door(sign_in: SignIn, product: Product, scheme: str) -> None:
    page = sign_in("ada", color_scheme=scheme, viewport=NARROW)
    page.get_by_role("button", name="Sign out").click()
    expect(page.locator("#username")).to_be_visible()
    check(page)
    page.fill("#username", "ada")
    page.fill("#password", "not her password")
    page.press("#password", "Enter")
    expect(page.get_by_role("alert")).to_be_visible()
    check(page)


def test_a_dark_scheme_is_dark(sign_in: SignIn) -> None:
    page = sign_in("ada", color_scheme="dark")
    colour = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert colour == "rgb(19, 24, 28)"


def test_on_paper_only_the_answer_is_left(sign_in: SignIn) -> None:
    page = sign_in("alma")
    page.emulate_media(media="print")
    expect(page.locator("#ask-form")).to_be_hidden()
    expect(page.locator("header.site")).to_be_hidden()


def test_the_officer_takes_the_record_away(sign_in: SignIn) -> None:
    page = sign_in("olga")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download CSV").click()
    assert download.value.suggested_filename.endswith(".csv")
    lines = download.value.path().read_text().splitlines()
    assert lines[0].startswith("id,recorded_at,actor")
    assert any("export-audit" in line for line in lines)
