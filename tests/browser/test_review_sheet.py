"""The sheet of a blind review as a reviewer uses it: a file, opened without any server."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from evaluation.review.page import page as page_of
from evaluation.review.sheet import Card, Sheet, Shown, thumbnail
from tests.browser.support.visitor import overflow
from tests.browser.test_accessibility import DARK, found

EVIL = '</script><script>document.title = "broken in"</script><img src=x onerror="document.title = \'broken in\'">'
Opened = Callable[..., Page]


def drawn(colour: str) -> str:
    return thumbnail(Image.new("RGB", (300, 200), colour))


SHEET = Sheet(
    "5ee7",
    (
        Card("1", "Find it", Shown("red mug"), (Shown("a", 0), Shown("b", 1)), (Shown("b", 1), Shown("a", 0))),
        Card("2", EVIL, Shown(EVIL, 1), (Shown(EVIL), Shown("w" * 2000)), (Shown(None, 0), Shown(unread=True))),
        Card("3", "", Shown("third"), (Shown("长" * 900),), ()),
    ),
    (drawn("red"), drawn("blue")),
)


@pytest.fixture
def opened(browser: Browser, tmp_path: Path) -> Iterator[Opened]:
    """`opened(lang=, dark=, width=)` opens the sheet for a new reviewer; `again=page` in a new window of the same one.
    Whatever is asked of the network, or goes wrong in the script, fails the test."""
    file = tmp_path / "sheet.html"
    file.write_text(page_of(SHEET), "utf-8")
    asked: list[str] = []
    wrong: list[str] = []

    def open_sheet(*, lang: str = "en-US", dark: bool = False, width: int = 1280, again: Page | None = None) -> Page:
        context = (
            again.context
            if again
            else browser.new_context(
                locale=lang, color_scheme="dark" if dark else "light", viewport={"width": width, "height": 800}
            )
        )
        page = context.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
        page.goto(file.as_uri())
        page.wait_for_selector(".lists")
        return page

    yield open_sheet
    for context in browser.contexts:
        context.close()
    assert wrong == []
    assert {url for url in asked if not url.startswith(("data:", "blob:"))} == {file.as_uri()}


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def saved(page: Page) -> tuple[str, dict[str, object]]:
    with page.expect_download() as download:
        page.get_by_role("button", name="Save marks").first.click()
    return download.value.suggested_filename, json.loads(download.value.path().read_text("utf-8"))


def test_marks_are_given_by_the_keyboard_alone_and_saved_under_the_reviewers_name(opened):
    page = opened()
    press(page, "4", "2", "Enter", "5", "1", "n", "b", "3", "a", "2")
    expect(page.get_by_text("3 of 3 marked")).to_be_visible()
    expect(page.get_by_role("status")).to_contain_text("All are marked")
    page.get_by_label("Your name").fill("Anna / 陈")
    name, marks = saved(page)
    assert name == "marks-Anna-陈.json"
    assert marks["marks"] == {"1": {"left": 4, "right": 2}, "2": {"left": 5, "right": 1}, "3": {"left": 2, "right": 3}}
    assert (marks["format"], marks["version"], marks["sheet"]) == ("lychee-review-marks", 1, "5ee7")
    assert marks["reviewer"] == "Anna / 陈"


def test_marks_are_given_by_the_mouse_and_changed(opened):
    page = opened()
    page.get_by_role("radio", name="List B: 2").click(force=True)
    page.get_by_role("radio", name="List B: 5").click(force=True)
    page.get_by_role("radio", name="List A: 1").click(force=True)
    page.get_by_label("Your name").fill("Ben")
    assert saved(page)[1]["marks"] == {"1": {"left": 1, "right": 5}}


def test_digits_in_the_name_are_no_marks(opened):
    page = opened()
    page.get_by_label("Your name").press_sequentially("ab 12 np")
    expect(page.get_by_text("0 of 3 marked")).to_be_visible()
    expect(page.get_by_text("Query 1 of 3", exact=True)).to_be_visible()
    assert page.get_by_role("radio", checked=True).count() == 0


def test_nothing_is_saved_without_a_name(opened):
    page = opened()
    press(page, "4", "2")
    page.get_by_role("button", name="Save marks").first.click()
    expect(page.get_by_role("status")).to_have_text("Please write your name first.")
    expect(page.get_by_label("Your name")).to_be_focused()


def test_marks_outlast_a_closed_window_until_somebody_begins_afresh(opened):
    first = opened()
    first.get_by_label("Your name").fill("Anna")
    first.get_by_label("Your name").blur()
    press(first, "4", "2")
    second = opened(again=first)
    first.close()
    expect(second.get_by_text("Query 2 of 3", exact=True)).to_be_visible()
    assert saved(second)[1]["marks"] == {"1": {"left": 4, "right": 2}}
    second.on("dialog", lambda dialog: dialog.accept())
    second.get_by_role("button", name="Begin afresh").click()
    expect(second.get_by_text("0 of 3 marked")).to_be_visible()
    expect(second.get_by_label("Your name")).to_have_value("")


def test_texts_of_the_data_stay_texts(opened):
    page = opened()
    press(page, "n")
    expect(page.locator(".query .text")).to_have_text(EVIL)
    assert page.title() == "Blind review"
    expect(page.get_by_text("This could not be read.")).to_be_visible()


def test_a_picture_can_be_seen_larger_and_the_keys_then_mark_nothing(opened):
    page = opened()
    page.get_by_role("button", name="Show the picture larger").first.click()
    expect(page.get_by_role("dialog")).to_be_visible()
    press(page, "5", "Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    assert page.get_by_role("radio", checked=True).count() == 0


def test_a_chinese_browser_is_spoken_to_in_chinese(opened):
    page = opened(lang="zh-CN")
    expect(page.get_by_role("heading", level=1)).to_have_text("哪个列表更好？")
    expect(page.get_by_role("button", name="保存评分")).to_be_visible()
    assert page.locator("html").get_attribute("lang") == "zh-CN"


@DARK
@pytest.mark.parametrize("width", [380, 1280])
def test_no_query_has_a_serious_violation_or_is_wider_than_its_window(width, dark, opened):
    page = opened(dark=dark, width=width)
    for _ in SHEET.cards:
        assert found(page) == []
        assert overflow(page) <= 0
        press(page, "3", "4", "n")
    assert found(page) == []


def test_the_end_of_a_long_list_is_not_hidden_behind_the_marks(opened):
    page = opened(width=380)
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    last = page.locator(".list").last.bounding_box()
    marks = page.locator("footer").bounding_box()
    assert last["y"] + last["height"] <= marks["y"]
