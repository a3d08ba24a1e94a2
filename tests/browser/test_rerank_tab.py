"""The tab that reranks what its visitor brings: seen against what the engine itself answers."""

import base64
import csv
import json
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.support.served import Server, engine_answer
from tests.browser.support.visitor import PATIENCE_MS, Visitors, open_tab, overflow, wait_settled

QUERY = "a red mug"
LINES = ("A white dog in the snow.", "A red mug on a table.", "Two blue bags.")


@pytest.fixture
def tab(visitors: Visitors) -> Page:
    page = visitors.open()
    open_tab(page, "rerank")
    return page


def ask(page: Page, query: str = QUERY, lines: str = "", files: list[Path] | None = None) -> None:
    """Fills the form and presses the button, and waits until the answer is there."""
    page.locator("#rerank-query textarea, #rerank-query input").fill(query)
    page.locator("#rerank-documents textarea").fill(lines)
    if files:
        page.locator("#rerank-files input[type=file]").set_input_files(files)
        wait_settled(page)
        expect(page.locator("#rerank-files .file, #rerank-files tr")).to_have_count(len(files))
    page.locator("#rerank-start").click()
    wait_settled(page)


def shown(page: Page) -> list[tuple[int, str, int]]:
    """Rank, score and place in the input of each row."""
    rows = []
    for row in page.locator("#rerank-result tbody tr").all():
        place = re.search(r"\d+$", row.locator(".rr-place").inner_text().strip())
        assert place
        score = row.locator(".rr-score").inner_text().strip()
        rows.append((int(row.locator(".rr-rank").inner_text().strip(" .")), score, int(place[0])))
    return rows


def of_engine(results: list[dict[str, Any]]) -> list[tuple[int, str, int]]:
    return [(each["rank"], "–" if each.get("error") else f"{each['score']:.3f}", each["index"] + 1) for each in results]


def set_slider(page: Page, elem_id: str, value: str) -> None:
    page.locator(f"#{elem_id} input[type=number]").fill(value)
    page.locator(f"#{elem_id} input[type=number]").press("Tab")
    wait_settled(page)


def test_lines_come_back_in_the_engines_own_order(tab: Page, server: Server):
    ask(tab, lines="\n".join(LINES))
    answer = engine_answer(server.url, {"query": QUERY, "documents": list(LINES)}, "/rerank_batch")
    assert shown(tab) == of_engine(answer["results"])
    expect(tab.locator("#rerank-result tbody tr").first).to_contain_text("A red mug on a table.")


def test_pictures_are_reranked_with_thumbnails_and_a_broken_one_is_marked(tab: Page, server: Server, tmp_path: Path):
    pictures = sorted((server.catalogue / "pictures").iterdir())[:4]
    broken = tmp_path / "broken.png"
    broken.write_bytes(pictures[0].read_bytes()[:300])
    files = [*pictures[:2], broken, *pictures[2:]]
    ask(tab, files=files)

    documents = [{"image": base64.b64encode(file.read_bytes()).decode()} for file in files]
    answer = engine_answer(server.url, {"query": QUERY, "documents": documents}, "/rerank_batch")
    assert shown(tab) == of_engine(answer["results"])
    assert tab.locator("#rerank-result img").count() == 4
    drawn = tab.locator("#rerank-result img").evaluate_all("all => all.map((one) => one.naturalWidth > 8)")
    assert drawn == [True] * 4
    failed = tab.locator("#rerank-result tr.rr-failed")
    expect(failed).to_have_count(1)
    expect(failed).to_contain_text("broken.png")
    expect(failed).to_contain_text("Not judged")


def test_a_table_is_reranked_row_by_row(tab: Page, tmp_path: Path):
    table = tmp_path / "items.csv"
    table.write_text("id,text,image\nmug,a red mug on a table,\nevil,,/etc/passwd\n犬,a white dog,\n", "utf-8")
    ask(tab, files=[table])
    rows = tab.locator("#rerank-result tbody tr")
    expect(rows.first).to_contain_text("a red mug on a table")
    expect(rows.nth(2)).to_contain_text("brings no files along")


def test_the_sliders_cut_and_bring_back_without_judging_anew(tab: Page):
    ask(tab, lines="\n".join(LINES))
    whole = shown(tab)
    took = tab.locator("#rerank-result [role=status]").inner_text().split(".")[0]
    set_slider(tab, "rerank-top-k", "2")
    assert shown(tab) == whole[:2]
    expect(tab.locator("#rerank-result [role=status]")).to_contain_text("2 of 3 shown")
    set_slider(tab, "rerank-top-k", "3")
    set_slider(tab, "rerank-threshold", "0.5")
    assert shown(tab) == [row for row in whole if float(row[1]) >= 0.5]
    set_slider(tab, "rerank-threshold", "0")
    assert shown(tab) == whole
    assert tab.locator("#rerank-result [role=status]").inner_text().startswith(took)


def test_one_document_is_shown_with_its_judgement_large(tab: Page, server: Server):
    ask(tab, lines=LINES[1])
    answer = engine_answer(server.url, {"query": QUERY, "documents": [LINES[1]]}, "/rerank_batch")
    expect(tab.locator("#rerank-result .rr-large strong")).to_have_text(f"{answer['results'][0]['score']:.3f}")
    expect(tab.locator("#rerank-result .rr-raw")).to_contain_text("Logits")
    expect(tab.locator("#rerank-cuts")).to_be_hidden()


def test_the_ranking_is_copied_as_markdown_and_the_page_says_so(tab: Page):
    tab.context.grant_permissions(["clipboard-read", "clipboard-write"])
    ask(tab, lines="\n".join(LINES))
    copy = tab.get_by_role("button", name="Copy as Markdown")
    copy.click()
    expect(tab.get_by_role("button", name="Copied")).to_be_visible()
    lines = tab.evaluate("navigator.clipboard.readText()").splitlines()
    assert lines[0] == "| Rank | Score | Index | Document |"
    assert "A red mug on a table." in lines[2]


def test_the_ranking_is_saved_as_csv_and_json(tab: Page, tmp_path: Path):
    ask(tab, lines='=1+1\n杯子, "red"\nblue')
    with tab.expect_download() as saved:
        tab.get_by_role("button", name="Download CSV").click()
    assert saved.value.suggested_filename == "rerank.csv"
    saved.value.save_as(tmp_path / "a.csv")
    assert (tmp_path / "a.csv").read_bytes().startswith(b"\xef\xbb\xbfrank,")
    with (tmp_path / "a.csv").open(encoding="utf-8-sig", newline="") as file:
        texts = {row["text"] for row in csv.DictReader(file)}
    assert texts == {"'=1+1", '杯子, "red"', "blue"}
    for _ in range(2):  # the same file once more is a download of its own
        with tab.expect_download() as saved:
            tab.get_by_role("button", name="Download JSON").click()
    saved.value.save_as(tmp_path / "a.json")
    told = json.loads((tmp_path / "a.json").read_text("utf-8"))
    assert [(each["rank"], f"{each['score']:.3f}", each["index"] + 1) for each in told["results"]] == shown(tab)


def test_a_long_run_tells_how_far_it_is_and_stops_when_it_is_told_to(tab: Page):
    tab.locator("#rerank-query textarea, #rerank-query input").fill(QUERY)
    tab.locator("#rerank-documents textarea").fill(
        "\n".join(f"red mug {number} " + "word " * 150 for number in range(900))
    )
    expect(tab.locator("#rerank-stop")).to_be_disabled()
    tab.locator("#rerank-start").click()
    expect(tab.locator("#rerank-progress")).to_contain_text(re.compile(r"[1-9]\d* of 900 judged"), timeout=PATIENCE_MS)
    tab.locator("#rerank-stop").click()
    expect(tab.locator("#rerank-notice")).to_contain_text("Stopped.", timeout=PATIENCE_MS)
    wait_settled(tab)
    expect(tab.locator("#rerank-progress")).not_to_contain_text("judged")
    expect(tab.locator("#rerank-stop")).to_be_disabled()
    ask(tab, lines="\n".join(LINES))
    expect(tab.locator("#rerank-notice")).not_to_contain_text("Stopped.")
    assert len(shown(tab)) == 3


def test_what_is_missing_is_told_and_the_button_works_afterwards(tab: Page):
    ask(tab, query=" ", lines="a")
    expect(tab.locator("#rerank-notice")).to_contain_text("Type what you are looking for")
    ask(tab, query="a")
    expect(tab.locator("#rerank-notice")).to_contain_text("There is nothing to rerank")
    ask(tab, query="a", lines="a\nb")
    expect(tab.locator("#rerank-notice .notice")).to_have_count(0)
    assert len(shown(tab)) == 2


def test_it_works_with_the_keyboard_alone(tab: Page):
    tab.locator("#rerank-documents textarea").fill("\n".join(LINES))
    tab.locator("#rerank-query textarea, #rerank-query input").focus()
    tab.keyboard.type(QUERY)
    tab.keyboard.press("Enter")
    wait_settled(tab)
    assert len(shown(tab)) == 3
    fold = tab.locator("#rerank-result summary").first
    fold.focus()
    tab.keyboard.press("Enter")
    expect(tab.locator("#rerank-result .rr-raw").first).to_be_visible()
    tab.locator("#rerank-threshold input[type=range]").focus()
    for _ in range(3):
        tab.keyboard.press("ArrowRight")
    wait_settled(tab)
    assert all(float(score) >= 0.03 for _, score, _ in shown(tab))


@pytest.mark.parametrize(("lang", "width"), [("zh", 1280), ("en", 390), ("zh", 360)])
def test_in_chinese_and_on_a_phone_all_is_said_and_nothing_overflows(visitors: Visitors, lang: str, width: int):
    page = visitors.open(lang=lang, width=width)
    open_tab(page, "rerank")
    assert overflow(page) <= 0
    ask(page, lines="\n".join([*LINES, "x" * 400]))
    assert overflow(page) <= 0
    assert len(shown(page)) == 4
    first = page.locator("#rerank-result tbody tr").first
    expect(first).to_contain_text({"en": "Judgement", "zh": "判断详情"}[lang])
    box = first.locator(".rr-document").bounding_box()
    assert box
    assert box["width"] > 200
