"""The page as a whole: it opens, says its language, follows the browser's wish for the dark, and fits every window."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.support.served import engine_answer
from tests.browser.support.visitor import TABS, Visitors, open_tab, overflow, search_for, sticking_out

# The relative luminance of WCAG 2, of what the page stands on.
LUMINANCE = """
() => {
  const ground = getComputedStyle(document.body).backgroundColor;
  const [r, g, b] = ground.match(/[\\d.]+/g).map((each) => each / 255);
  const linear = (c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
  return 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
}
"""


def test_the_page_opens_with_its_five_tabs(page: Page):
    tabs = page.get_by_role("tab").all_inner_texts()
    assert tabs == ["Search", "Rerank", "Collections", "Instructions", "About this server"]
    assert page.title() == "Lychee Search"
    expect(page.get_by_role("heading", name="Lychee Search", level=1)).to_be_visible()


@pytest.mark.parametrize(("lang", "told"), [("en", "en"), ("zh", "zh-CN")])
def test_the_page_says_its_language(lang: str, told: str, visitors: Visitors):
    page = visitors.open(lang=lang)
    assert page.locator("html").get_attribute("lang") == told


def test_a_search_shows_the_pictures_that_the_engine_finds(page: Page, url: str):
    search_for(page, "two red striped mugs next to a blue bag")
    shown = page.locator("#search-hits .card").evaluate_all("cards => cards.map((card) => card.dataset.key)")
    hits = engine_answer(url, {"query": "two red striped mugs next to a blue bag", "top_k": 3})["hits"]
    assert shown[:3] == [hit["id"] for hit in hits]


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_the_page_is_as_light_or_dark_as_the_browser_wants_it(dark: bool, visitors: Visitors):
    luminance = visitors.open(dark=dark).evaluate(LUMINANCE)
    assert luminance < 0.05 if dark else luminance > 0.8


@pytest.mark.parametrize("width", [768, 1280, 1920])
def test_every_tab_fits_the_window(width: int, visitors: Visitors):
    page = visitors.open(width=width)
    search_for(page, "a red mug")
    for tab in TABS:
        open_tab(page, tab)
        assert overflow(page) == 0
        assert sticking_out(page) == []


def test_pictures_are_as_sharp_as_the_screen(visitors: Visitors):
    """On an ordinary screen; the catalogue's own have no more than 224 pixels."""
    page = visitors.open()
    search_for(page, "a red mug")
    sizes = page.locator("#search-hits img").evaluate_all(
        "all => all.map((one) => [one.naturalWidth, one.clientWidth])"
    )
    assert len(sizes) > 5
    assert all(shown > 0 and own >= 0.75 * shown for own, shown in sizes)


def test_two_visitors_do_not_see_each_others_searches(visitors: Visitors):
    one, other = visitors.open(), visitors.open(lang="zh")
    search_for(one, "a red mug")
    assert one.locator("#search-hits .card").count() > 0
    assert other.locator("#search-hits .card").count() == 0
