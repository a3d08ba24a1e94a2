"""The report of an evaluation, opened from disk by a browser that has no network."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from content import Content
from evaluation.report import write
from tests.browser.support.visitor import overflow, sticking_out
from tests.browser.test_accessibility import DARK, found
from tests.evaluation.report.made_up import Shelf, answered, broken, evaluation, picture, repaired, same

HOSTILE = (
    '<script>window.ran = 1</script>"><img src=x onerror="window.ran = 2"><a href="javascript:window.ran = 3">x</a>'
)
SECTIONS = [
    "Summary",
    "All systems",
    "Quality by depth and time",
    "Differences by query",
    "Worst queries",
    "What stage 2 repaired",
    "What stage 2 broke",
    "Models, data and conditions",
]


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    hostile = answered("a/" + HOSTILE, {"d0": 1}, [("d0", 0.1), ("d/" + HOSTILE, 0.2)])
    contents = Shelf(
        queries={hostile.id: Content(HOSTILE), "repaired": Content("一只红色条纹杯子在桌上" * 40, picture())},
        documents={"d0": Content("x" * 3000, picture("blue")), "d1": Content(image=picture("green", (90, 2000)))},
    )
    path = tmp_path_factory.mktemp("report") / "report.html"
    write(path, evaluation(repaired(), broken(), same(), hostile, title="A title " + HOSTILE), contents)
    return path


@pytest.fixture
def troubles() -> list[str]:
    return []


@pytest.fixture
def opened(browser: Browser, report: Path, troubles: list[str]) -> Iterator["Opener"]:
    opener = Opener(browser, report, troubles)
    yield opener
    opener.close()
    assert troubles == []


class Opener:
    """Opens the report offline and keeps what it asks for, and what its console says."""

    def __init__(self, browser: Browser, report: Path, troubles: list[str]) -> None:
        self._browser, self._report, self._troubles = browser, report, troubles
        self._contexts = []

    def __call__(self, width: int = 1280, *, dark: bool = False) -> Page:
        context = self._browser.new_context(
            viewport={"width": width, "height": 800}, color_scheme="dark" if dark else "light", offline=True,
            bypass_csp=True,
        )  # fmt: skip  # the page's own ban of scripts must not be what a hostile text is stopped by, nor stop axe
        self._contexts.append(context)
        address = self._report.as_uri()
        context.on("request", lambda one: self._note(one.url, address))
        context.on("console", lambda one: self._troubles.append(f"console: {one.text}"))
        context.on("weberror", lambda one: self._troubles.append(f"script: {one.error}"))
        page = context.new_page()
        page.goto(address)
        return page

    def close(self) -> None:
        for context in self._contexts:
            context.close()

    def _note(self, url: str, address: str) -> None:
        if url.partition("#")[0] != address and not url.startswith("data:"):
            self._troubles.append(f"asked for {url}")


def test_it_opens_without_a_network_and_shows_all_its_sections(opened: Opener):
    page = opened()
    assert page.locator("h2").all_inner_texts() == SECTIONS
    assert page.locator("svg.plot").count() == 3
    assert all(drawn.bounding_box()["height"] > 100 for drawn in page.locator("svg.plot").all())
    assert page.evaluate("[...document.images].length > 0 && [...document.images].every((one) => one.naturalWidth > 0)")


def test_its_links_lead_to_its_sections(opened: Opener):
    page = opened()
    page.get_by_role("link", name="What stage 2 broke").click()
    assert page.locator("#what-stage-2-broke").bounding_box()["y"] < 400


def test_hostile_texts_are_seen_and_do_not_run(opened: Opener):
    page = opened()
    assert page.locator("bdi").filter(has_text="<script>window.ran").count() > 0
    page.wait_for_timeout(200)
    assert page.evaluate("window.ran") is None
    assert page.locator("script, [onerror], a[href^=javascript]").count() == 0


def test_the_page_itself_forbids_scripts_and_addresses(report: Path):
    assert "default-src 'none'" in report.read_text("utf-8")


@DARK
def test_axe_finds_no_serious_violation(dark: bool, opened: Opener):
    assert found(opened(dark=dark)) == []


@pytest.mark.parametrize("width", [320, 360, 768])
def test_it_fits_a_phone(width: int, opened: Opener):
    page = opened(width)
    assert overflow(page) == 0
    assert sticking_out(page) == []


def test_light_and_dark_are_the_readers_choice_in_the_plots_too(opened: Opener):
    colour = "getComputedStyle(document.querySelector('svg.plot text')).fill"
    assert opened().evaluate(colour) != opened(dark=True).evaluate(colour)


def test_it_prints_dark_on_light_whatever_the_reader_chose(opened: Opener):
    page = opened(dark=True)
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == "rgb(255, 255, 255)"
    assert page.evaluate("getComputedStyle(document.documentElement).color") == "rgb(0, 0, 0)"
