"""The tab `collections` as visitors use it: they drop files, see what was refused, browse, and delete with care."""

import zipfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.support.served import Server
from tests.browser.support.visitor import Visitors, open_tab, overflow, wait_settled

LONG_MS = 60_000


@pytest.fixture
def names(url: str) -> Iterator[list[str]]:
    """Collections that the test may make; they are gone when it ends."""
    names = ["shelf", "zipped", "many"]
    yield names
    for name in names:
        httpx.delete(f"{url}/v1/collections/{name}", trust_env=False)


@pytest.fixture
def pictures(server: Server) -> list[Path]:
    return sorted((server.catalogue / "pictures").glob("*.png"))


@pytest.fixture
def two_bad(tmp_path: Path, pictures: list[Path]) -> Path:
    """Ten good files and two bad ones."""
    path = tmp_path / "things.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for picture in pictures[:9]:
            archive.write(picture, f"pictures/{picture.name}")
        archive.writestr("notes.txt", "Red striped mugs are on the top shelf.")
        archive.writestr("pictures/broken.png", pictures[10].read_bytes()[:500])
        archive.writestr("setup.exe", b"MZ" + bytes(100))
    return path


def stored(url: str, name: str) -> dict:
    return httpx.get(f"{url}/v1/collections/{name}", trust_env=False).json()


def card(page: Page, name: str) -> Locator:
    return page.locator(f"#collections-list .card[data-key='{name}']")


def choose_files(page: Page, files: list[Path]) -> None:
    page.set_input_files("#collections-files input[type=file]", files)
    page.wait_for_selector("#collections-files .file-preview")
    wait_settled(page)


def index(page: Page, files: list[Path], name: str) -> None:
    page.get_by_label("Name of the new collection").fill(name)
    choose_files(page, files)
    page.get_by_role("button", name="Index", exact=True).click()
    page.wait_for_selector("#collections-report .notice", timeout=LONG_MS)
    wait_settled(page)


def test_the_collections_are_listed_with_what_they_hold(page: Page, url: str):
    open_tab(page, "collections")
    told = card(page, "demo").inner_text()
    assert f"{stored(url, 'demo')['items']} items" in told
    assert "Encoder: demo" in told
    assert "exact" in told


def test_a_zip_with_two_bad_files_lists_exactly_those(page: Page, url: str, two_bad: Path, names: list[str]):
    open_tab(page, "collections")
    index(page, [two_bad], "zipped")

    expect(page.locator("#collections-report .notice")).to_contain_text("10 indexed, 0 unchanged, 2 refused")
    refused = page.locator("#collections-report tbody td:first-child").all_inner_texts()
    assert sorted(refused) == ["pictures/broken.png", "setup.exe"]
    expect(card(page, "zipped")).to_contain_text("10 items")
    assert stored(url, "zipped")["items"] == 10
    # The tab of searches offers it at once.
    open_tab(page, "search")
    page.get_by_label("Collection", exact=True).click()
    expect(page.get_by_role("option").filter(has_text="zipped")).to_be_visible()


def test_many_files_sent_again_change_nothing(page: Page, pictures: list[Path], names: list[str]):
    open_tab(page, "collections")
    index(page, pictures[:3], "many")
    expect(page.locator("#collections-report .notice")).to_contain_text("3 indexed, 0 unchanged, 0 refused")
    choose_files(page, pictures[:3])
    page.get_by_role("button", name="Index", exact=True).click()
    expect(page.locator("#collections-report .notice")).to_contain_text("0 indexed, 3 unchanged", timeout=LONG_MS)
    wait_settled(page)
    card(page, "many").get_by_role("button", name="Delete…").click()
    card(page, "many").get_by_role("button", name="Delete for good").click()
    expect(card(page, "many")).to_have_count(0)
    expect(page.locator("#collections-report .notice")).to_have_count(0)


def test_without_files_or_a_name_it_says_what_to_do(page: Page, pictures: list[Path]):
    open_tab(page, "collections")
    page.get_by_role("button", name="Index", exact=True).click()
    expect(page.locator("#collections-form-notice")).to_contain_text("Type a name")
    page.get_by_label("Name of the new collection").fill("shelf")
    page.get_by_role("button", name="Index", exact=True).click()
    expect(page.locator("#collections-form-notice")).to_contain_text("Add files first")


def test_an_empty_collection_is_made_and_deleted_at_the_second_press(page: Page, url: str, names: list[str]):
    open_tab(page, "collections")
    page.get_by_label("New, empty collection").fill("shelf")
    page.keyboard.press("Enter")
    expect(card(page, "shelf")).to_contain_text("0 items")

    card(page, "shelf").get_by_role("button", name="Delete").dblclick()  # in haste: the second press keeps it
    wait_settled(page)
    assert stored(url, "shelf")["items"] == 0
    if card(page, "shelf").get_by_role("button", name="Keep it").count() == 0:
        card(page, "shelf").get_by_role("button", name="Delete…").click()
    card(page, "shelf").get_by_role("button", name="Delete for good").click()

    expect(card(page, "shelf")).to_have_count(0)
    assert httpx.get(f"{url}/v1/collections/shelf", trust_env=False).status_code == 404


def test_browsing_shows_the_items_in_the_order_of_their_ids(page: Page, url: str):
    total = stored(url, "demo")["items"]
    open_tab(page, "collections")
    card(page, "demo").get_by_role("button", name="Browse").click()
    expect(page.locator("#collections-place")).to_have_text(f"demo: items 1 to 24 of {total}")
    first = page.locator("#collections-items .card").evaluate_all("cards => cards.map((card) => card.dataset.key)")
    assert first == sorted(first)
    page.get_by_role("button", name="Next").click()
    expect(page.locator("#collections-place")).to_have_text(f"demo: items 25 to 48 of {total}")
    second = page.locator("#collections-items .card").evaluate_all("cards => cards.map((card) => card.dataset.key)")
    assert max(first) < min(second)
    page.get_by_role("button", name="Previous").click()
    expect(page.locator("#collections-place")).to_have_text(f"demo: items 1 to 24 of {total}")
    picture = page.locator("#collections-items img").first
    page.wait_for_function("image => image.complete && image.naturalWidth > 0", arg=picture.element_handle())


def test_an_item_is_deleted_while_browsing(page: Page, url: str, two_bad: Path, names: list[str]):
    open_tab(page, "collections")
    index(page, [two_bad], "zipped")
    card(page, "zipped").get_by_role("button", name="Browse").click()
    note = page.locator("#collections-items .card[data-key='notes.txt']")
    expect(note).to_contain_text("Red striped mugs")
    note.get_by_role("button", name="Delete…").click()
    note.get_by_role("button", name="Delete for good").click()
    expect(note).to_have_count(0)
    expect(card(page, "zipped")).to_contain_text("9 items")
    assert stored(url, "zipped")["items"] == 9


def test_stopped_it_keeps_what_is_stored(page: Page, url: str, tmp_path: Path, names: list[str]):
    table = tmp_path / "many.csv"
    table.write_text("id,text\n" + "".join(f"{number},red mug number {number}\n" for number in range(30_000)))
    open_tab(page, "collections")
    page.get_by_label("Name of the new collection").fill("many")
    choose_files(page, [table])
    page.get_by_role("button", name="Index", exact=True).click()
    progress = page.locator("#collections-progress .figures")
    expect(progress).to_contain_text("of 30,000", timeout=LONG_MS)
    page.wait_for_timeout(1000)
    page.locator("#collections-stop").click()
    expect(page.locator("#collections-report .notice")).to_contain_text("Stopped", timeout=LONG_MS)
    items = stored(url, "many")["items"]
    assert 0 < items < 30_000
    expect(page.locator("#collections-report .notice")).to_contain_text(f"has {items:,} items now")
    expect(page.locator("#collections-start")).to_be_enabled()


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_it_fits_a_phone_in_both_languages(lang: str, visitors: Visitors):
    page = visitors.open(lang, 360, 740)
    open_tab(page, "collections")
    card(page, "demo").locator("[data-act=browse]").click()
    page.wait_for_selector("#collections-items .card")
    wait_settled(page)
    assert overflow(page) == 0
    expect(page.locator("#collections-place")).to_be_in_viewport()
    card(page, "demo").locator("[data-act=add]").click()
    expect(page.locator("#collections-target")).to_be_in_viewport()
    expect(page.locator("#collections-target input")).to_have_value("demo")
    assert ("浏览" in card(page, "demo").inner_text()) == (lang == "zh")
