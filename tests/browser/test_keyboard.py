"""With the keyboard alone: everything is reached, and one always sees where one is."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.support.visitor import TABS, open_tab, search_box, search_for, wait_settled

STOPS = 150
# The focus is seen when a ring or a shadow is there that is not there without it, on the element or just around it.
HERE = """
() => {
  const node = document.activeElement;
  if (!node || node === document.body) return null;
  const ringed = (each) => {
    const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(each);
    return (outlineStyle !== "none" && parseFloat(outlineWidth) >= 2) || boxShadow !== "none";
  };
  const around = [node, node.parentElement, node.closest(".wrap, label, .upload-container")];
  node.dataset.stop ??= String(window.stops = (window.stops ?? 0) + 1);
  const { width, height, right, left } = node.getBoundingClientRect();
  return {
    stop: node.dataset.stop,
    name: node.outerHTML.slice(0, 160),
    ringed: around.some((each) => each && ringed(each)),
    seen: width > 1 && height > 1 && right > 0 && left < innerWidth,
  };
}
"""


def walk(page: Page) -> list[dict]:
    """Every stop of the Tab key from the beginning of the page until it leaves it or comes round."""
    page.evaluate("() => { const top = document.querySelector('h1'); top.tabIndex = -1; top.focus(); }")
    stops: dict[str, dict] = {}
    for _ in range(STOPS):
        page.keyboard.press("Tab")
        here = page.evaluate(HERE)
        if here is None or here["stop"] in stops:
            break
        stops[here["stop"]] = here
    return list(stops.values())


def press_until(page: Page, selector: str, key: str = "Tab") -> None:
    for _ in range(STOPS):
        if page.evaluate("(selector) => !!document.activeElement?.closest(selector)", selector):
            return
        page.keyboard.press(key)
    raise AssertionError(f"{key} does not lead to {selector}")


@pytest.mark.parametrize("tab", TABS)
def test_every_stop_of_the_tab_key_is_seen(tab: str, page: Page):
    open_tab(page, tab)
    stops = walk(page)
    assert len(stops) > 2, "the Tab key goes nowhere"
    assert [stop["name"] for stop in stops if not (stop["seen"] and stop["ringed"])] == []


def test_the_stops_among_the_hits_are_seen(page: Page):
    search_for(page, "a red mug")
    stops = walk(page)
    assert len(stops) > 20
    assert [stop["name"] for stop in stops if not (stop["seen"] and stop["ringed"])] == []


def test_a_search_needs_no_mouse(page: Page):
    press_until(page, "#search-text")
    page.keyboard.type("a red mug")
    page.keyboard.press("Enter")
    wait_settled(page)
    expect(page.locator("#search-hits img").first).to_be_visible()
    expect(search_box(page)).to_be_focused()  # one can go on writing


def test_what_unfolds_under_a_hit_unfolds_by_the_keyboard(page: Page):
    search_for(page, "a red mug")
    press_until(page, "#search-hits summary")
    fold = page.locator("#search-hits details:has(> summary:focus)")
    page.keyboard.press("Enter")
    expect(fold).to_have_attribute("open", "")


def test_the_arrows_go_from_tab_to_tab_and_round(page: Page):
    press_until(page, "[role=tab]")
    seen = []
    for key in ("ArrowRight", "ArrowRight", "ArrowLeft", "End", "ArrowRight", "ArrowLeft", "Home"):
        page.keyboard.press(key)
        expect(page.locator("[role=tab][aria-selected=true]")).to_be_focused()
        seen.append(page.evaluate("document.activeElement.id"))
    order = ["rerank", "collections", "rerank", "about", "search", "about", "search"]
    assert seen == [f"tab-{name}-button" for name in order]


def test_the_row_of_tabs_is_one_stop(page: Page):
    press_until(page, "[role=tab]")
    page.keyboard.press("Tab")
    assert not page.evaluate("!!document.activeElement.closest('[role=tab]')")


def test_what_comes_of_a_search_is_told_to_those_who_do_not_see_it(page: Page):
    search_for(page, "a red mug")
    expect(page.locator("#tab-search [role=status]").first).to_contain_text("candidates")
