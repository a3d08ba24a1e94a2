"""The tab that searches, seen as a visitor sees it and against what the engine itself answers."""

import base64
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.support.served import Server, engine_answer
from tests.browser.support.visitor import Visitors, overflow, wait_settled

QUERY = "two red striped mugs next to a blue bag"
TEXT = "#search-text textarea, #search-text input"


def search(page: Page, text: str = QUERY) -> None:
    page.locator(TEXT).fill(text)
    page.locator(TEXT).press("Enter")
    wait_settled(page)


def ids(page: Page) -> list[str]:
    """Of the cards, in the order in which they stand."""
    found: list[str] = page.locator("#search-hits .card").evaluate_all("cards => cards.map(card => card.dataset.key)")
    return found


def of_engine(server: Server, **body: object) -> list[str]:
    return [hit["id"] for hit in engine_answer(server.url, body)["hits"]]


def set_slider(page: Page, name: str, value: str) -> None:
    number, taken = (page.locator(f"#search-{name} input[type={kind}]") for kind in ("number", "range"))
    for _ in range(5):  # a slider that was unfolded a moment ago, sooner than anybody types, puts its own number back
        number.fill(value)
        number.press("Tab")
        wait_settled(page)
        if taken.input_value() == value:
            break
    expect(taken).to_have_value(value)


def unfold_options(page: Page) -> None:
    page.locator("#search-options button").first.click()
    expect(page.locator("#search-filter")).to_be_visible()


def add_picture(page: Page, path: Path) -> None:
    page.locator("#search-picture input[type=file]").set_input_files(path)
    expect(page.locator("#search-picture img")).to_be_visible()
    wait_settled(page)


def first_picture(server: Server) -> Path:
    return sorted((server.catalogue / "pictures").glob("readme-*.png"))[0]


def test_enter_searches_and_shows_the_engines_own_hits_and_scores(page: Page, server: Server):
    search(page)
    hits = engine_answer(server.url, {"query": QUERY})["hits"]
    assert ids(page) == [hit["id"] for hit in hits]
    for place, hit in enumerate(hits):
        card = page.locator("#search-hits .card").nth(place)
        assert card.locator(".rank").inner_text() == str(hit["rank"])
        assert card.locator(".score b").inner_text() == f"{10 * hit['score']:.1f}"
        assert f"{hit['score']:.3f}" in card.locator(".exact").inner_text()
        assert card.locator(".moved").inner_text().startswith(f"{hit['retrieval']['rank']} → {hit['rank']}")
        assert card.locator(".mark.tied").count() == int(hit["tied"])
        assert card.locator("img").count() == int(hit["image_url"] is not None)


def test_pictures_are_there_undistorted_and_open_in_full(page: Page):
    search(page)
    picture = page.locator("#search-hits .shot img").first
    expect(picture).to_be_visible()
    page.wait_for_function("document.querySelector('#search-hits .shot img').naturalWidth > 0")
    assert picture.evaluate("image => getComputedStyle(image).objectFit") == "contain"
    assert picture.get_attribute("alt")
    with page.context.expect_page() as opened:
        page.locator("#search-hits .shot").first.click()
    assert "/image" in opened.value.url


def test_by_a_picture_and_by_a_picture_with_a_text(page: Page, server: Server):
    path = first_picture(server)
    image = base64.b64encode(path.read_bytes()).decode()
    add_picture(page, path)
    page.locator("#search-start").click()
    wait_settled(page)
    assert ids(page) == of_engine(server, query={"image": image})

    search(page, "on a sandy beach")
    assert ids(page) == of_engine(server, query={"image": image, "text": "on a sandy beach"})


def test_options_ask_what_the_engine_is_asked(page: Page, server: Server):
    unfold_options(page)
    page.locator("#search-target label", has_text="Pictures").click()
    page.locator("#search-filter textarea").fill('{"price": {"$lt": 300}}')
    set_slider(page, "candidates", "20")
    search(page)
    body = {"query": QUERY, "target": "image", "filter": {"price": {"$lt": 300}}, "candidates": 20}
    assert ids(page) == of_engine(server, **body)

    page.locator("#search-rerank input").uncheck()
    page.locator("#search-start").click()
    wait_settled(page)
    assert ids(page) == of_engine(server, **body, rerank=False)
    expect(page.locator("#search-state")).to_contain_text("in the order of stage 1")


def test_sliders_cut_as_the_engine_does(page: Page, server: Server):
    search(page)
    unfold_options(page)
    set_slider(page, "top-k", "3")
    assert ids(page) == of_engine(server, query=QUERY, top_k=3)
    set_slider(page, "top-k", "30")
    set_slider(page, "threshold", "0.5")
    assert ids(page) == of_engine(server, query=QUERY, top_k=30, score_threshold=0.5)
    page.locator("#search-threshold input[type=range]").press("End")
    wait_settled(page)
    assert ids(page) == of_engine(server, query=QUERY, top_k=30, score_threshold=1)


def test_more_like_this_searches_by_the_hit_until_it_is_removed(page: Page, server: Server):
    search(page)
    second = ids(page)[1]
    page.locator("#search-hits [data-act=like]").nth(1).click()
    wait_settled(page)
    assert ids(page) == of_engine(server, query={"id": second})
    expect(page.locator("#search-like")).to_contain_text("More like")
    expect(page.locator(TEXT)).to_have_value("")

    page.get_by_role("button", name="Remove").click()
    expect(page.locator("#search-like .card")).to_have_count(0)


def test_examples_fill_the_form_and_search(page: Page, server: Server):
    example = page.locator("#search-examples [data-act=ask]").first
    text = example.inner_text()
    example.click()
    wait_settled(page)
    expect(page.locator(TEXT)).to_have_value(text)
    assert ids(page) == of_engine(server, query=text)

    example = page.locator("#search-examples [data-act=like]").first
    item = example.get_attribute("data-key")
    example.click()
    wait_settled(page)
    assert ids(page) == of_engine(server, query={"id": item})


def test_the_raw_judgement_and_the_code_unfold(page: Page):
    search(page)
    page.locator("#search-hits .raw summary").first.click()
    fold = page.locator("#search-hits .raw").first
    for words in ("P(yes)", "Logits yes / no", "Tokens", "All, fused"):
        expect(fold).to_contain_text(words)
    page.locator("#search-code summary").click()
    expect(page.locator("#search-code pre").first).to_contain_text("/v1/search")
    expect(page.locator("#search-code pre").first).to_contain_text(QUERY)


def test_the_stop_button_is_alive_only_while_a_search_runs_and_keeps_what_there_is(page: Page):
    expect(page.locator("#search-stop")).to_be_disabled()
    unfold_options(page)
    set_slider(page, "candidates", "300")  # to take longer; that it is asked for is another test's
    page.locator(TEXT).fill("three green umbrellas under an orange lamp")
    page.locator(TEXT).press("Enter")
    page.locator("#search-stop:enabled").click()
    wait_settled(page)
    expect(page.locator("#search-state")).to_contain_text(
        re.compile(r"Stopped(: \d+ of 300 were read)?\.|300 candidates")
    )
    expect(page.locator("#search-stop")).to_be_disabled()
    search(page)
    assert ids(page)


def test_a_newer_search_takes_the_place_of_the_older(page: Page, server: Server):
    page.locator(TEXT).fill("a green clock on a tiled floor")
    page.locator(TEXT).press("Enter")
    page.locator("#search-stop:enabled").wait_for()
    search(page)
    assert ids(page) == of_engine(server, query=QUERY)
    expect(page.locator("#search-notice .notice")).to_have_count(0)


@pytest.mark.parametrize(
    ("written", "told"),
    [("{price: 5}", "The filter is no JSON"), ('{"price": {"$lx": 5}}', "did you mean `$lt`?")],
)
def test_a_wrong_filter_is_explained_and_the_form_stays(page: Page, written: str, told: str):
    unfold_options(page)
    page.locator("#search-filter textarea").fill(written)
    search(page)
    expect(page.locator("#search-notice")).to_contain_text(told)
    expect(page.locator(TEXT)).to_have_value(QUERY)
    expect(page.locator("#search-filter textarea")).to_have_value(written)


def test_an_empty_query_and_a_broken_picture_are_told(page: Page, tmp_path: Path):
    page.locator("#search-start").click()
    wait_settled(page)
    expect(page.locator("#search-notice")).to_contain_text("Type what you are looking for")
    (tmp_path / "broken.png").write_bytes(b"this is no picture")
    page.locator("#search-picture input[type=file]").set_input_files(tmp_path / "broken.png")
    wait_settled(page)
    page.locator("#search-start").click()
    wait_settled(page)
    expect(page.locator("#search-notice")).to_contain_text("no picture that can be read")
    expect(page.locator("#search-start")).to_be_enabled()


def test_in_chinese_on_a_phone_and_in_the_dark_nothing_overflows(visitors: Visitors):
    page = visitors.open(lang="zh", width=360, dark=True)
    search(page, "红色条纹杯子")
    expect(page.locator("#search-state")).to_contain_text("个候选")
    expect(page.locator("#search-hits .title").first).to_contain_text(re.compile("[一-鿿]"))
    page.locator("#search-hits .raw summary").first.click()
    unfold = page.locator("#search-options button").first
    unfold.click()
    assert overflow(page) == 0
