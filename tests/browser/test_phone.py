"""On a phone: every tab fits the window, also with results, and what is there can be pressed."""

import pytest
from playwright.sync_api import Page

from tests.browser.support.visitor import TABS, Visitors, open_tab, overflow, search_for, sticking_out, wait_settled

WIDTHS = pytest.mark.parametrize("width", [360, 390])
# WCAG 2.2, 2.5.8: a target has 24 x 24 pixels, or as much room around it.
SMALL = """
() => [...document.querySelectorAll("main button, main summary, main [role=tab]")]
  .filter((node) => node.checkVisibility({ visibilityProperty: true, opacityProperty: true }))
  .filter((node) => node.getAttribute("tabindex") !== "-1" || node.getAttribute("role") === "tab")
  .filter((node) => { const { width, height } = node.getBoundingClientRect(); return Math.min(width, height) < 23.5; })
  .map((node) => node.outerHTML.slice(0, 160))
"""


def assert_fits(page: Page) -> None:
    assert overflow(page) == 0
    assert sticking_out(page) == []


@WIDTHS
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_tab_fits(width: int, lang: str, visitors: Visitors):
    page = visitors.open(lang=lang, width=width, height=740)
    for tab in TABS:
        open_tab(page, tab)
        assert_fits(page)


@WIDTHS
def test_a_search_and_what_unfolds_fits(width: int, visitors: Visitors):
    page = visitors.open(width=width, height=740)
    search_for(page, "two red striped mugs next to a blue bag")
    assert page.locator("#search-hits img").count() > 5
    assert_fits(page)
    for fold in page.locator("#tab-search details:not([open]) > summary:visible").all()[:6]:
        fold.click()
    wait_settled(page)
    assert_fits(page)


def test_a_long_word_does_not_widen_the_page(visitors: Visitors):
    page = visitors.open(width=360, height=740)
    search_for(page, "mug" * 200)
    assert_fits(page)


def test_what_can_be_pressed_is_large_enough_for_a_finger(visitors: Visitors):
    page = visitors.open(width=360, height=740)
    search_for(page, "a red mug")
    for tab in TABS:
        open_tab(page, tab)
        assert page.evaluate(SMALL) == []


def test_every_tab_can_be_reached_by_scrolling_the_row_of_tabs(visitors: Visitors):
    page = visitors.open(width=360, height=740)
    open_tab(page, "about")
    place = page.locator("#tab-about-button").bounding_box()
    assert place is not None
    assert place["x"] >= 0
    assert place["x"] + place["width"] <= 360
