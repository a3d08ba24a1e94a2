"""The page as a whole: it opens, in both languages, at every width, in the light and in the dark."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.support.visitor import Visitors, wait_settled


def test_the_page_opens_with_its_five_tabs(page: Page):
    tabs = page.get_by_role("tab").all_inner_texts()
    assert tabs == ["Search", "Rerank", "Collections", "Instructions", "About this server"]


def test_a_search_shows_pictures(page: Page):
    page.locator("#search-text textarea, #search-text input").fill("a red mug")
    page.keyboard.press("Enter")
    wait_settled(page)
    expect(page.locator("#search-hits img").first).to_be_visible()


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_page_says_its_language(lang: str, visitors: Visitors):
    page = visitors.open(lang=lang)
    assert page.locator("html").get_attribute("lang") == {"en": "en", "zh": "zh-CN"}[lang]
