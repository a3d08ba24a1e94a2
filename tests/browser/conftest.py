"""One server with the demo models, a browser, and visitors of the page whose troubles fail the test."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.support.chromium import NoChromium, find_chromium
from tests.browser.support.served import Server, draw_catalogue, index_catalogue, serving
from tests.browser.support.visitor import Visitors, started_browser

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    try:
        find_chromium()
        missing = None
    except NoChromium as error:
        missing = pytest.mark.skip(reason=str(error))
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.slow)
            if missing:
                item.add_marker(missing)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Its collection `demo` is shared: a test that changes a collection makes one of its own."""
    folder = tmp_path_factory.mktemp("served")
    catalogue = draw_catalogue(folder)
    index_catalogue(folder, catalogue)
    with serving(folder, catalogue) as server:
        yield server


@pytest.fixture(scope="session")
def url(server: Server) -> str:
    return server.url


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """One for each file: as long as it is there, Playwright keeps an event loop, beside which no other may run."""
    with started_browser(tmp_path_factory.mktemp("browser")) as browser:
        yield browser


@pytest.fixture
def visitors(browser: Browser, url: str) -> Iterator[Visitors]:
    """`visitors.open(lang=, width=, dark=)` opens the page. Fails the test that left a trouble behind."""
    visitors = Visitors(browser, url)
    try:
        yield visitors
    finally:
        visitors.leave()
    assert not visitors.troubles()


@pytest.fixture
def page(visitors: Visitors) -> Page:
    """The page, opened in English in a window of 1280 x 900."""
    return visitors.open()
