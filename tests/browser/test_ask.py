"""The clinician's page in a real browser: streaming, quotes in context, failures, the keyboard alone."""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import SignIn
from tests.browser.halting import halted_ehr, halted_engine
from tests.product import QUESTION, Product

pytestmark = pytest.mark.browser


def ask(page: Page, question: str = QUESTION) -> None:
    """Ask in words of the model; only where these matter, since they take seconds."""
    page.select_option("#patient", "af-ckd")
    page.fill("#question", question)
    page.press("#question", "Control+Enter")


def ask_fast(page: Page) -> None:
    page.select_option("#patient", "af-ckd")
    page.fill("#question", QUESTION)
    page.get_by_role("button", name="Ask fast").click()


def test_the_chart_comes_before_the_statements_and_the_end_is_announced(sign_in: SignIn) -> None:
    page = sign_in("alma")
    page.evaluate(
        """() => {
          window.order = [];
          new MutationObserver((changes) => changes.forEach((change) => {
            const part = change.target.dataset?.part;
            if (part && change.addedNodes.length) window.order.push(part);
          })).observe(document.getElementById("answer"), { childList: true, subtree: true });
        }"""
    )
    ask(page)
    expect(page.locator("[data-outcome]")).to_be_visible()
    order = page.evaluate("window.order")
    before = ["facts", "specialty", "calculators", "safety", "evidence"]
    assert order[: len(before)] == before
    assert order[-2:] == ["answer", "receipt"]
    assert set(order[len(before) : -2]) == {"claim"}
    expect(page.locator("#progress")).to_contain_text("Done")
    expect(page.locator("#answer-heading")).to_be_focused()
    assert page.url.endswith("/ask")
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0


def test_the_quote_is_in_the_statement_and_marked_in_its_source(sign_in: SignIn) -> None:
    page = sign_in("alma")
    ask_fast(page)
    expect(page.locator("[data-outcome]")).to_be_visible()
    link = page.locator("[data-in-context]").first
    quote = page.locator(".claim blockquote").first.text_content()
    link.focus()
    page.keyboard.press("Enter")
    expect(page.locator("dialog mark")).to_be_in_viewport()
    assert page.locator("dialog mark").text_content() == quote
    page.keyboard.press("Escape")
    expect(page.locator("dialog")).to_be_hidden()
    expect(link).to_be_focused()
    page.goto(link.get_attribute("href") or "")
    assert page.locator("mark#quote").text_content() == quote


def test_cancelling_stops_the_answer_and_says_that_it_is_not_whole(sign_in: SignIn, product: Product) -> None:
    page = sign_in("alma")
    with halted_engine(product):
        ask(page)
        page.wait_for_selector('[data-part="facts"] > *')
        page.click("#cancel")
        expect(page.locator("#progress")).to_contain_text("Cancelled")
        expect(page.locator("#answer-heading")).to_have_text("Incomplete answer")
        expect(page.locator("#cancel")).to_be_hidden()
        expect(page.locator("[data-outcome]")).to_have_count(0)


def test_an_answer_never_stands_under_another_patients_name(sign_in: SignIn) -> None:
    page = sign_in("alma")
    ask(page)
    page.wait_for_selector('[data-part="facts"] > *')
    page.select_option("#patient", "messy")
    expect(page.locator("#answer")).to_be_hidden()
    expect(page.locator("#cancel")).to_be_hidden()
    expect(page.locator('[data-part="facts"]')).to_be_empty()


def test_an_ehr_that_does_not_answer_is_an_alert_and_the_question_stays(
    sign_in: SignIn, product: Product
) -> None:
    page = sign_in("alma")
    with halted_ehr(product):
        ask_fast(page)
        expect(page.get_by_role("alert")).to_contain_text("The EHR is too slow")
        expect(page.locator("#question")).to_have_value(QUESTION)
        expect(page.locator("#answer")).to_be_hidden()
    page.get_by_role("button", name="Try again").click()
    expect(page.locator("[data-outcome]")).to_be_visible()
    expect(page.get_by_role("alert")).to_have_count(0)


def test_a_lost_connection_is_an_alert_with_a_way_to_try_again(sign_in: SignIn) -> None:
    page = sign_in("alma")

    def drop(route: Route) -> None:
        route.abort("connectionreset")

    page.route("**/ask/stream", drop)
    ask(page)
    expect(page.get_by_role("alert")).to_contain_text("The connection was lost")
    page.get_by_role("button", name="Ask fast").click()
    expect(page.get_by_role("alert")).to_contain_text("The connection was lost")
    page.unroute("**/ask/stream")
    with page.expect_request("**/ask/stream") as asked:
        page.get_by_role("button", name="Try again").click()
    assert "mode=fast" in (asked.value.post_data or "")
    expect(page.locator("[data-outcome]")).to_be_visible()


def test_a_session_that_ended_is_told_and_the_question_stays(sign_in: SignIn) -> None:
    page = sign_in("alma")
    page.context.clear_cookies(name="sessionid")
    ask(page)
    expect(page.get_by_role("alert")).to_contain_text("Your session has ended")
    expect(page.locator("#question")).to_have_value(QUESTION)


def test_a_refused_question_gets_no_chart(sign_in: SignIn) -> None:
    page = sign_in("alma")
    ask(page, "Interpret this ECG")
    expect(page.locator("[data-outcome]")).to_contain_text("does not interpret images")
    expect(page.locator(".claim")).to_have_count(0)


def test_characters_are_counted_only_near_the_limit(sign_in: SignIn) -> None:
    page = sign_in("alma")
    page.fill("#question", "x" * 1_500)
    expect(page.locator("#question-left")).to_be_empty()
    page.fill("#question", "x" * 1_990)
    expect(page.locator("#question-left")).to_have_text("10 characters left")


def test_the_keyboard_alone_is_enough(sign_in: SignIn) -> None:
    page = sign_in("alma")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.locator("#patient")).to_be_focused()
    page.keyboard.type("Adelaide")
    page.keyboard.press("Tab")
    page.keyboard.type(QUESTION)
    for reached in (
        page.locator("#ask-form summary"),
        page.get_by_label("With a sheet in plain words"),
        page.get_by_role("button", name="Ask", exact=True),
    ):
        page.keyboard.press("Tab")
        expect(reached).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("[data-outcome]")).to_be_visible()
    expect(page.locator("#answer-heading")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator(".limits summary")).to_be_focused()


def test_the_answer_is_saved_with_the_keyboard_and_proved(
    sign_in: SignIn, product: Product, tmp_path: Path
) -> None:
    page = sign_in("alma")
    ask_fast(page)
    expect(page.locator("[data-outcome]")).to_be_visible()
    page.get_by_role("link", name="Save this answer").focus()
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    assert re.fullmatch(r"tacit-answer-[0-9a-f-]{36}\.json", download.value.suggested_filename)
    file = tmp_path / "saved.json"
    download.value.save_as(file)
    document = json.loads(file.read_text(encoding="utf-8"))
    assert document["question"] == QUESTION
    with product.client("alma") as client:
        found = client.post("/receipts/verify", json={"document": document}).json()
    assert (found["outcome"], found["given"]["by"]) == ("genuine", "alma")


def test_everything_works_without_javascript(sign_in: SignIn) -> None:
    page = sign_in("alma", java_script_enabled=False)
    page.select_option("#patient", "af-ckd")
    page.fill("#question", QUESTION)
    page.get_by_role("button", name="Ask fast").click()
    expect(page.locator("[data-outcome]")).to_be_visible()
    expect(page.locator(".claim blockquote").first).to_be_visible()
    expect(page.locator(".facts").first).to_be_visible()
    assert page.url.endswith("/ask")
