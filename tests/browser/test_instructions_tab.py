"""The tab of instructions: from a template to a text, into other tabs, and two of them on one query."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from reranker.templates import compose, template
from tests.browser.support.served import engine_answer
from tests.browser.support.visitor import Visitors, open_tab, overflow, wait_settled

QUERY = "two red striped mugs next to a blue bag"
OWN = "Given an image, retrieve similar images, and nothing else of any kind"


@pytest.fixture
def tab(page: Page) -> Page:
    open_tab(page, "instructions")
    return page


def box(page: Page, name: str) -> Locator:
    return page.locator(f"#instructions-{name}").locator("textarea, input").first


def choose(page: Page, *labels: str) -> None:
    for each in labels:
        page.get_by_label(each, exact=True).click()
        wait_settled(page)


def press(page: Page, name: str) -> None:
    page.locator(f"#instructions-{name}").click()
    wait_settled(page)


def compare(page: Page, first: str, second: str) -> None:
    """Types two instructions and presses Enter in the query."""
    box(page, "first").fill(first)
    box(page, "second").fill(second)
    box(page, "query").fill(QUERY)
    page.keyboard.press("Enter")
    wait_settled(page)


def shown(page: Page, side: str) -> list[tuple[str, str]]:
    """Id and score of each hit of a side."""
    cards = page.locator(f"#instructions-{side}-hits .card")
    return [(card.get_attribute("data-key") or "", card.locator(".points b").inner_text()) for card in cards.all()]


def answered(url: str, instruction: str) -> list[tuple[str, str]]:
    body = {"query": QUERY, "candidates": 20, "top_k": 10, "instruction": instruction}
    return [(hit["id"], f"{hit['score']:.3f}") for hit in engine_answer(url, body)["hits"]]


def test_a_template_is_chosen_changed_and_seen_as_one_text(tab: Page):
    choose(tab, "Pictures", "Similar pictures", "Strict")
    strict = template("image-similarity").parts("strict")
    expect(box(tab, "standard")).to_have_value(strict.standard)
    expect(box(tab, "composed")).to_have_value(compose(strict))  # how strict it is takes all parts
    box(tab, "role").fill("You are a stamp collector")
    wait_settled(tab)
    written = box(tab, "composed").input_value()
    assert written.startswith("You are a stamp collector. Given an image, retrieve similar images. The document")
    expect(tab.locator("#instructions-count")).to_have_text(f"{len(written)} characters")


def test_typing_in_a_part_takes_it_into_the_text_to_the_last_letter(tab: Page):
    box(tab, "standard").fill("")
    box(tab, "standard").press_sequentially("It matches if it is a stamp", delay=5)
    wait_settled(tab)
    expect(box(tab, "composed")).to_have_value(re.compile("It matches if it is a stamp[.] Answer"))


@pytest.mark.parametrize("other", ["search", "rerank"])
def test_a_template_is_taken_to_another_tab_and_shown_there_by_its_title(other: str, tab: Page):
    choose(tab, "Legal")
    press(tab, f"to_{other}")
    expect(tab.locator(f"#tab-{other}-button")).to_have_attribute("aria-selected", "true")
    expect(tab.locator(f"#{other}-instruction input")).to_have_value("Precedent cases")
    expect(tab.locator(f"#{other}-instruction")).to_be_visible()


def test_two_instructions_are_judged_as_the_engine_does_and_what_differs_is_marked(tab: Page, url: str):
    compare(tab, OWN, "image-search")
    assert shown(tab, "first") == answered(url, OWN)
    assert shown(tab, "second") == answered(url, "image-search")
    press(tab, "to_first")  # the template that the tab opens with
    press(tab, "start")
    assert shown(tab, "first") == answered(url, "question-answering")


def test_a_longer_instruction_is_compared_with_the_sentence_it_was_made_of(tab: Page, url: str):
    choose(tab, "Pictures", "All four parts")
    press(tab, "to_second")
    whole = box(tab, "composed").input_value()
    expect(box(tab, "second")).to_have_value(whole)
    box(tab, "query").fill(QUERY)
    press(tab, "start")
    one, other = answered(url, "image-search"), answered(url, whole)
    assert (shown(tab, "first"), shown(tab, "second")) == (one, other)
    scores = {name: float(score) for name, score in other}
    differ = {name for name, score in one if name in scores and abs(float(score) - scores[name]) > 0.1}
    marked = tab.locator("#instructions-first-hits .card.differs").evaluate_all("all => all.map(c => c.dataset.key)")
    assert differ  # the demo judge does not understand the longer one
    assert differ <= set(marked)
    expect(tab.locator("#instructions-verdict")).to_contain_text("Under B the scores hardly differ")
    expect(tab.locator("#instructions-demo")).to_contain_text("demo judge")


@pytest.mark.parametrize(
    ("query", "first", "second", "told"),
    [
        ("", "legal", "papers", "Type what you are looking for"),
        (QUERY, "same", "same", "A and B are the same instruction"),
    ],
)
def test_what_cannot_be_compared_is_said_and_the_button_still_works(tab: Page, query, first, second, told):
    box(tab, "first").fill(first)
    box(tab, "second").fill(second)
    box(tab, "query").fill(query)
    press(tab, "start")
    expect(tab.locator("#instructions-compared-notice")).to_contain_text(told)
    compare(tab, OWN, "image-search")
    expect(tab.locator("#instructions-compared-notice")).to_be_empty()
    expect(tab.locator("#instructions-verdict table")).to_be_visible()


def test_it_speaks_chinese_on_a_phone(visitors: Visitors):
    page = visitors.open(lang="zh", width=390, height=844, dark=True)
    open_tab(page, "instructions")
    choose(page, "图片", "相似图片", "中文")
    expect(box(page, "composed")).to_have_value("给定一张图片，检索相似的图片")
    expect(box(page, "first")).to_have_value("以文搜图")
    compare(page, OWN, "以文搜图")  # a title that is typed is the template
    expect(page.locator("#instructions-verdict")).to_contain_text("名次不同")
    expect(page.locator("#instructions-verdict tbody td").nth(1)).to_have_text(template("image-search").text)
    assert overflow(page) == 0
