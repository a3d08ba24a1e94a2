"""What axe-core finds on every tab, in the light and in the dark, before and after something was done there."""

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.support.served import Server
from tests.browser.support.visitor import TABS, Visitors, open_tab, search_for, wait_settled

GRAVE = ("serious", "critical")
DARK = pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])


def found(page: Page) -> list[str]:
    """Each serious violation, with where it stands and why."""
    told = Axe().run(page).response
    assert len(told["passes"]) > 20, "axe looked at hardly anything"
    return [
        f"{rule['id']} ({rule['impact']}): {node['html'][:200]} {node['failureSummary']}"
        for rule in told["violations"]
        if rule["impact"] in GRAVE
        for node in rule["nodes"]
    ]


def add_files(page: Page, place: str, *paths: Path) -> None:
    page.locator(f"{place} input[type=file]").first.set_input_files(paths)
    expect(page.locator(f"{place} tr.file")).to_have_count(len(paths))
    wait_settled(page)


def test_a_violation_would_be_found(page: Page):
    page.evaluate("document.querySelector('main').insertAdjacentHTML('beforeend', '<img src=\"/favicon.ico\"><input>')")
    assert {each.split()[0] for each in found(page)} == {"image-alt", "label"}


@DARK
@pytest.mark.parametrize("tab", TABS)
def test_no_tab_has_a_serious_violation(tab: str, dark: bool, visitors: Visitors):
    page = visitors.open(dark=dark)
    open_tab(page, tab)
    assert found(page) == []


@DARK
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_search_brings_no_serious_violation(lang: str, dark: bool, visitors: Visitors):
    page = visitors.open(lang=lang, dark=dark)
    search_for(page, "two red striped mugs next to a blue bag")
    for fold in page.locator("#tab-search details:not([open]) > summary:visible").all()[:4]:
        fold.click()
    wait_settled(page)
    assert found(page) == []


@DARK
def test_an_error_brings_no_serious_violation(dark: bool, visitors: Visitors):
    page = visitors.open(dark=dark)
    search_for(page, " ")
    page.wait_for_selector("#search-notice .notice")
    assert found(page) == []


@pytest.mark.parametrize("tab", ["rerank", "collections"])
def test_files_that_were_added_bring_no_serious_violation(tab: str, visitors: Visitors, server: Server):
    page = visitors.open()
    open_tab(page, tab)
    add_files(page, f"#{tab}-files", server.catalogue / "pictures" / "readme-0.png")
    assert found(page) == []


def test_more_files_can_be_added_by_a_button_that_says_so(visitors: Visitors, server: Server):
    page = visitors.open(lang="zh")
    open_tab(page, "rerank")
    pictures = server.catalogue / "pictures"
    add_files(page, "#rerank-files", pictures / "readme-0.png")
    with page.expect_file_chooser() as chooser:
        page.locator("#rerank-files").get_by_role("button", name="添加文件").click()
    chooser.value.set_files(pictures / "readme-1.png")
    expect(page.locator("#rerank-files tr.file")).to_have_count(2)


def test_on_a_phone_neither(visitors: Visitors):
    page = visitors.open(width=360, height=740)
    search_for(page, "a red mug")
    assert found(page) == []
