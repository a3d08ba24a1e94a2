"""A browser that asks for Chinese gets a Chinese page, all of it, and finds by Chinese words what the engine finds."""

import re

import pytest
from playwright.sync_api import expect

from api.page.words import all_words
from tests.browser.support.served import Server, engine_answer
from tests.browser.support.visitor import TABS, Visitors, open_tab, search_for

# What is written in the page, and what its parts are called for those who do not see them.
SAID = """
() => {
  const walker = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
  const said = [];
  while (walker.nextNode()) {
    const { parentElement: parent, textContent } = walker.currentNode;
    if (parent.checkVisibility() && !parent.closest("script, style, pre, code")) said.push(textContent);
  }
  for (const node of document.querySelectorAll("main [placeholder], main [aria-label], main [title]"))
    if (node.checkVisibility())
      said.push(...["placeholder", "aria-label", "title"].map((name) => node.getAttribute(name) ?? ""));
  return said.map((each) => each.trim()).filter(Boolean);
}
"""


@pytest.mark.parametrize("tab", TABS)
def test_no_english_words_of_the_page_are_left(tab: str, visitors: Visitors):
    page = visitors.open(lang="zh")
    open_tab(page, tab)
    said = set(page.evaluate(SAID))
    english = {words[0] for words in all_words().values() if words[0] != words[1]}
    assert said & english == set()
    assert any(re.search("[一-鿿]", each) for each in said)
    names = {chinese for key, (_, chinese) in all_words().items() if key.startswith("tab.")}
    assert names <= said


def test_gradios_own_buttons_have_chinese_names(visitors: Visitors, server: Server):
    page = visitors.open(lang="zh")
    page.locator("#search-picture input[type=file]").set_input_files(server.catalogue / "pictures" / "readme-0.png")
    expect(page.locator("#search-picture img")).to_be_visible()
    named = page.locator("main button[aria-label]:visible").evaluate_all("all => all.map((one) => one.ariaLabel)")
    assert len(named) > 4
    assert [name for name in named if not re.search("[一-鿿]", name)] == []


def test_a_chinese_search_shows_what_the_engine_finds(visitors: Visitors, url: str):
    page = visitors.open(lang="zh")
    query = "一个蓝色包旁边有两个红色条纹杯子"
    search_for(page, query)
    shown = page.locator("#search-hits .card").evaluate_all("cards => cards.map((card) => card.dataset.key)")
    found = [hit["id"] for hit in engine_answer(url, {"query": query, "top_k": 3})["hits"]]
    assert shown[:3] == found


def test_chinese_characters_are_drawn_as_such(visitors: Visitors):
    """A machine without Chinese fonts draws the same box for each; then no picture of the page could be judged."""
    page = visitors.open(lang="zh")
    drawn = page.evaluate(
        """() => [..."搜索荔枝"].map((sign) => {
          const canvas = new OffscreenCanvas(40, 40);
          const context = canvas.getContext("2d");
          context.font = "32px " + getComputedStyle(document.querySelector("h1")).fontFamily;
          context.fillText(sign, 4, 34);
          return context.getImageData(0, 0, 40, 40).data.join();
        })"""
    )
    assert len(set(drawn)) == 4
