"""The tab about the server: what it says is so, and its code does again what the page did."""

import json
import subprocess
from importlib.metadata import version
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.browser.support.served import Server
from tests.browser.support.visitor import Visitors, open_tab, overflow, wait_settled

QUERY = 'it\'s "so" red: 红色 $HOME `id` mugs'


def facts(page: Page) -> dict[str, str]:
    wait_settled(page)
    rows = page.locator("#about-facts dl > div").all()
    return {row.locator("dt").inner_text(): row.locator("dd").inner_text() for row in rows}


def searched(page: Page) -> None:
    page.locator("#search-text textarea, #search-text input").fill(QUERY)
    page.keyboard.press("Enter")
    wait_settled(page)
    open_tab(page, "about")
    expect(page.locator("#about-programs .code")).to_have_count(2)


def test_it_says_what_the_server_says_of_itself(page: Page, server: Server):
    open_tab(page, "about")
    expect(page.locator("#about-facts section")).to_have_count(4)
    told = facts(page)
    ready = httpx.get(f"{server.url}/ready").json()
    assert told["Stage 1, recall"].split(" · ")[0] == ready["encoder"]
    assert told["Stage 2, rerank"].split(" · ")[0] == ready["reranker"]
    assert told["lychee-search"] == httpx.get(f"{server.url}/health").json()["version"]
    assert told["gradio"] == version("gradio")
    collections = httpx.get(f"{server.url}/v1/collections").json()["collections"]
    assert told["Collections"] == f"{len(collections):,}"


def test_it_is_looked_up_anew_when_the_button_is_pressed(page: Page, server: Server):
    open_tab(page, "about")
    expect(page.locator("#about-facts section")).to_have_count(4)
    before = int(facts(page)["Collections"])
    httpx.put(f"{server.url}/v1/collections/counted").raise_for_status()
    try:
        page.locator("#about-refresh").click()
        row = page.locator("#about-facts dl > div", has=page.get_by_text("Collections", exact=True))
        expect(row.locator("dd")).to_have_text(f"{before + 1}")
    finally:
        httpx.delete(f"{server.url}/v1/collections/counted").raise_for_status()


def test_the_curl_line_that_was_copied_finds_what_the_page_showed(page: Page, server: Server, tmp_path: Path):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    searched(page)
    button = page.locator("#about-programs .code", has_text="curl").first.locator("[data-copy]")
    button.focus()
    page.keyboard.press("Enter")
    expect(button).to_have_text("Copied")
    expect(page.locator("p.visually-hidden[role=status]")).to_have_text("Copied")
    line = page.evaluate("navigator.clipboard.readText()").replace("curl ", "curl --noproxy '*' ", 1)
    done = subprocess.run(["bash", "-c", line], capture_output=True, text=True, check=True, cwd=tmp_path)
    found = [hit["id"] for hit in json.loads(done.stdout)["hits"]]
    open_tab(page, "search")
    cards = [card.get_attribute("data-key") for card in page.locator("#search-hits .card").all()]
    assert cards == found
    assert len(found) >= 5


def test_code_is_copied_where_the_browser_lends_no_clipboard(visitors: Visitors):
    """As on a page that comes by plain HTTP over a network."""
    page = visitors.open(script="Object.defineProperty(navigator, 'clipboard', { value: undefined });")
    searched(page)
    button = page.locator("#about-programs [data-copy]").last
    button.click()
    expect(button).to_have_text("Copied")
    open_tab(page, "search")
    page.locator("#search-text textarea, #search-text input").fill("")
    page.keyboard.press("Control+V")
    assert "LycheeClient" in page.locator("#search-text textarea, #search-text input").input_value()


def test_another_visitor_does_not_see_what_was_done(visitors: Visitors):
    searched(visitors.open())
    other = visitors.open()
    open_tab(other, "about")
    expect(other.locator("#about-programs")).to_contain_text("Search or rerank something")
    assert "红色" not in other.locator("#about-programs").inner_text()


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_nothing_sticks_out_of_a_phone(visitors: Visitors, lang: str):
    page = visitors.open(lang=lang, width=360, height=800)
    searched(page)
    assert overflow(page) == 0
