"""A real Chromium before the whole running product; no page may ask anything of another server."""

import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.product import Product

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
MILLISECONDS_TO_WAIT = 60_000
expect.set_options(timeout=MILLISECONDS_TO_WAIT)

SignIn = Callable[..., Page]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium; one for each module, because its event loop must be gone before other tests run theirs."""
    if CHROMIUM is None:
        pytest.skip("there is no chromium: `apt-get install chromium`")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def sign_in(browser: Browser, product: Product) -> Iterator[SignIn]:
    """Sign in as a demo account, with the browser context's options; return the first page.

    Afterwards: no script failed, and nothing was asked of another server.
    """
    contexts: list[BrowserContext] = []
    foreign: list[str] = []
    failures: list[str] = []

    def signed_in(username: str, **options: Any) -> Page:
        context = browser.new_context(base_url=product.url, **options)
        context.set_default_timeout(MILLISECONDS_TO_WAIT)
        contexts.append(context)
        page = context.new_page()
        page.on("request", lambda request: foreign.append(request.url) if not _is_ours(request.url) else None)
        page.on("pageerror", lambda error: failures.append(str(error)))
        page.goto("/sign-in")
        page.fill("#username", username)
        page.fill("#password", product.passwords[username])
        page.press("#password", "Enter")
        page.wait_for_url(lambda url: "sign-in" not in url)
        return page

    def _is_ours(url: str) -> bool:
        return url.startswith((f"{product.url}/", "data:"))

    yield signed_in
    for context in contexts:
        context.close()
    assert foreign == []
    assert failures == []
