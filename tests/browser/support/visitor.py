"""People who open the page, each with a browser of their own, and what went wrong while they were there."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Locator,
    Page,
    Request,
    Response,
    sync_playwright,
)

from tests.browser.support.chromium import chromium_arguments, find_chromium
from tests.browser.support.fonts import font_settings

WATCH: Final = (Path(__file__).parent / "watch.js").read_text("utf-8")
_LOCALES: Final = {"en": "en-US", "zh": "zh-CN"}
TABS: Final = ("search", "rerank", "collections", "instructions", "about")
PATIENCE_MS: Final = 30_000

_STICKING_OUT: Final = """
() => {
  const kept = (node) => /auto|scroll|hidden|clip/.test(getComputedStyle(node).overflowX);
  const scrolls = (node) => node && (kept(node) || scrolls(node.parentElement));
  return [...document.querySelectorAll("main *")]
    .filter((node) => node.checkVisibility({ opacityProperty: true, visibilityProperty: true }))
    .filter((node) => node.getBoundingClientRect().right > innerWidth + 1 && node.offsetWidth > 1)
    .filter((node) => !scrolls(node.parentElement))
    .map((node) => node.outerHTML.slice(0, 160));
}
"""


@contextmanager
def started_browser(folder: Path) -> Iterator[Browser]:
    """Debian's Chromium, without a window. folder: for its fonts' cache."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_chromium(), args=chromium_arguments(), env={**os.environ, **font_settings(folder)}
        )
        try:
            yield browser
        finally:
            browser.close()


class Visitors:
    """Opens the page as often as is wanted, and keeps what went wrong in it: errors of scripts, requests to other
    hosts, answers of 500 and more."""

    def __init__(self, browser: Browser, url: str) -> None:
        self._browser = browser
        self._url = url
        self._contexts: list[BrowserContext] = []
        self._forgiven: list[str] = []
        self._troubles: list[str] = []

    def open(
        self,
        lang: str = "en",
        width: int = 1280,
        height: int = 900,
        *,
        dark: bool = False,
        scale: float = 1,
        motion: bool = False,
        url: str | None = None,
        headers: dict[str, str] | None = None,
        script: str = "",
    ) -> Page:
        """The page, ready for use, for a new visitor who shares nothing with the others.

        lang: "en" or "zh". scale: device pixels for each of CSS. motion: whether cards glide. url: of another server.
        script: runs before the page's own.
        """
        context = self._browser.new_context(
            locale=_LOCALES[lang],
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            device_scale_factor=scale,
            reduced_motion="no-preference" if motion else "reduce",
            extra_http_headers=headers or {},
        )
        self._contexts.append(context)
        context.set_default_timeout(PATIENCE_MS)
        context.add_init_script(WATCH + script)
        base = url or self._url
        self._listen(context, base)
        page = context.new_page()
        page.goto(base)
        page.wait_for_selector("#tab-search, [role=tabpanel]")
        wait_settled(page)
        return page

    def forgive(self, pattern: str) -> None:
        """Troubles that match are what the test is about."""
        self._forgiven.append(pattern)

    def troubles(self) -> list[str]:
        """What went wrong until now, but what is forgiven."""
        return [each for each in self._troubles if not any(re.search(one, each) for one in self._forgiven)]

    def leave(self) -> None:
        for context in self._contexts:
            context.close()
        self._contexts.clear()

    def _listen(self, context: BrowserContext, base: str) -> None:
        host = urlsplit(base).netloc

        def asked(request: Request) -> None:
            where = urlsplit(request.url)
            if where.scheme in ("http", "https", "ws", "wss") and where.netloc != host:
                self._troubles.append(f"another host was asked: {request.url}")

        def answered(response: Response) -> None:
            if response.status >= 500:
                self._troubles.append(f"{response.status} from {response.url}")

        def said(message: ConsoleMessage) -> None:
            # What could not be loaded is told by `answered`, with its status.
            if message.type == "error" and "Failed to load resource" not in message.text:
                self._troubles.append(f"console: {message.text}")

        context.on("request", asked)
        context.on("response", answered)
        context.on("console", said)
        context.on("weberror", lambda error: self._troubles.append(f"script: {error.error}"))


def wait_settled(page: Page) -> None:
    """Until nothing that the visitor set off runs any more, and what came of it is drawn."""
    page.wait_for_function("window.lycheeWatch && window.lycheeWatch.settled()", timeout=PATIENCE_MS)


def open_tab(page: Page, name: str) -> None:
    """Presses one of the tabs, in whichever language it is written. name: as in `tab-search`."""
    page.get_by_role("tab").nth(TABS.index(name)).click()
    page.wait_for_selector(f"#tab-{name}-button[aria-selected=true]")
    wait_settled(page)


def search_box(page: Page) -> Locator:
    return page.locator("#search-text textarea, #search-text input").first


def search_for(page: Page, text: str) -> None:
    """Writes it into the search tab's box, presses Enter and waits for the final order."""
    search_box(page).fill(text)
    search_box(page).press("Enter")
    wait_settled(page)


def overflow(page: Page) -> int:
    """By how many pixels the page is wider than its window."""
    width: int = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return width


def sticking_out(page: Page) -> list[str]:
    """What is seen beyond the window's right edge, and cannot be scrolled to within a part of the page."""
    told: list[str] = page.evaluate(_STICKING_OUT)
    return told
