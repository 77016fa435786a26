"""A literature review in a real browser: followed until it is over, or cancelled."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import SignIn
from tests.browser.halting import halted_engine
from tests.product import Product

pytestmark = pytest.mark.browser


def start(page: Page) -> None:
    page.fill("#question", "Does tamoridine help in gout?")
    page.get_by_role("button", name="Start the review").click()


def test_a_review_is_followed_until_it_is_done(sign_in: SignIn, product: Product) -> None:
    page = sign_in("ravi")
    with halted_engine(product):
        start(page)
        expect(page.locator("[data-progress-text]")).to_contain_text("articles read")
        expect(page.locator("progress")).to_be_visible()
    expect(page.locator("#announcement")).to_have_text("The review is done.")
    expect(page.locator("#result-heading")).to_be_focused()
    expect(page.locator(".claim blockquote").first).to_be_visible()
    page.locator("[data-in-context]").first.click()
    expect(page.locator("dialog mark")).to_be_in_viewport()


def test_a_review_is_cancelled(sign_in: SignIn, product: Product) -> None:
    page = sign_in("ravi")
    with halted_engine(product):
        start(page)
        page.get_by_role("button", name="Cancel the review").click()
        expect(page.locator("#review")).to_contain_text("was cancelled")
    page.get_by_role("link", name="All your reviews").click()
    expect(page.locator(".reviews li").first).to_contain_text("Cancelled")
