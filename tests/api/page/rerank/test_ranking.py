"""A ranking on the page: watched, stopped, cut without judging again, and told in the visitor's language."""

import threading
from dataclasses import replace

import pytest
from support.stepping_reranker import SteppingReranker
from support.table_of import table_of

from api.page.complaints import Complaint
from api.page.running import Runs
from content.errors import Cancelled
from reranker.protocol import Judgement


class Sure(SteppingReranker):
    """As it is told, with logits, and one document cut."""

    def score(self, instruction, query, documents):
        judged = super().score(instruction, query, documents)
        return [
            each if each.error else replace(each, logits=(1.25, -2.5), tokens=1234, truncated=each.score == 0.3)
            for each in judged
        ]


def places(html: str) -> list[str]:
    return [row[2].split()[-1] for row in table_of(html)]


def test_how_far_it_is_is_told_before_the_result(open_tab):
    asked, seen = threading.Event(), threading.Event()

    def on_run(number: int) -> None:
        if number == 2:
            asked.set()
            assert seen.wait(10)

    tab = open_tab(SteppingReranker(1, on_run=on_run))
    told = []
    for updates in tab.begin(lines="0.1\n0.2\n0.3\n0.4"):
        told.append(updates)
        if "2 of 4 judged" in updates.get(tab.handlers.progress, ""):
            assert 'aria-valuemax="4" aria-valuenow="2"' in updates[tab.handlers.progress]
            seen.set()
    assert seen.is_set()
    assert places(told[-1][tab.handlers.result]) == ["4", "3", "2", "1"]


def test_a_run_that_is_stopped_says_so_and_the_next_one_works(open_tab):
    started = threading.Event()
    gate = threading.Event()

    def on_run(number: int) -> None:
        started.set()
        gate.wait(10)

    tab = open_tab(SteppingReranker(1, on_run=on_run))
    running = tab.begin(lines="0.1\n0.2\n0.3\n0.4\n0.5\n0.6")
    next(running)
    next(running)
    assert started.wait(10)
    list(tab.handlers.stop(tab.visit))
    with pytest.raises(Cancelled):
        for _ in running:
            pass
    gate.set()
    assert places(tab.rerank(lines="0.1\n0.2")) == ["2", "1"]


def test_cuts_show_less_and_then_all_again_without_judging_anew(open_tab):
    judge = SteppingReranker()
    tab = open_tab(judge)
    html = tab.rerank(lines="0.1\n0.9\n0.5\nx\n0.7".replace("x", " "))
    assert places(html) == ["2", "4", "3", "1"]
    ran = list(judge.ran)
    assert places(tab.cut(threshold=0.5)) == ["2", "4", "3"]
    assert places(tab.cut(threshold=0.5, top_k=2)) == ["2", "4"]
    assert '"score_threshold": 0.5, "top_k": 2' in tab.last[tab.handlers.code].replace("&quot;", '"')
    assert places(tab.cut()) == ["2", "4", "3", "1"]
    assert judge.ran == ran


def test_where_nothing_is_left_it_says_how_to_see_more(open_tab):
    tab = open_tab(SteppingReranker())
    tab.rerank(lines="0.1\n0.2")
    html = tab.cut(threshold=0.95)
    assert "<table" not in html
    assert "No document has a score of 0.95 or more" in html


def test_cutting_what_is_no_longer_kept_is_told(tab):
    with pytest.raises(Complaint) as told:
        tab.cut()
    assert told.value.key == "rerank.forgotten"


def test_a_new_run_takes_the_cuts_that_were_chosen(open_tab):
    tab = open_tab(SteppingReranker())
    tab.rerank(lines="0.1\n0.2\n0.3\n0.4", threshold=0.15, top_k=2)
    assert tab.last[tab.handlers.top_k]["value"] == 4  # nothing was chosen before there was a ranking
    assert places(tab.rerank(lines="0.1\n0.2\n0.3\n0.4", threshold=0.15, top_k=2)) == ["4", "3"]
    assert places(tab.rerank(lines="0.1\n0.2\n0.3\n0.4", threshold=0.15, top_k=4)) == ["4", "3", "2"]


def test_one_document_is_shown_with_its_judgement_large(open_tab):
    tab = open_tab(Sure())
    html = tab.rerank(lines="0.75")
    assert "<table" not in html
    assert "<span>P(yes)</span> <strong>0.750</strong>" in html
    assert "1.2500, -2.5000" in html
    assert "1,234" in html
    assert "fits the query" in html
    assert "rr-many" not in html  # by which the style shows the sliders


def test_what_the_judge_said_unfolds_and_a_text_that_was_cut_is_marked(open_tab):
    html = open_tab(Sure()).rerank(lines="0.3\n0.9")
    first, second = table_of(html)
    assert "P(yes) 0.900000 Logits (yes, no) 1.2500, -2.5000 Tokens read 1,234 Text cut no" in first[3]
    assert "Text cut yes" in second[3]
    assert 'class="chip rr-truncated"' in html


def test_scores_that_hardly_differ_come_with_advice_in_the_visitors_language(open_tab):
    tab = open_tab(SteppingReranker())
    assert "All scores lie between 0.500 and 0.520" in tab.rerank(lines="0.5\n0.51\n0.52")
    tab.visit = replace(tab.visit, language="zh")
    assert "所有分数都在 0.500 和 0.520 之间" in tab.rerank(lines="0.5\n0.51\n0.52")
    assert "之间" not in tab.rerank(lines="0.5\n0.9")


def test_hostile_texts_and_names_are_text_on_the_page(open_tab, upload):
    class Rude(SteppingReranker):
        def score(self, instruction, query, documents):
            return [Judgement(0.5, raw="<script>raw</script>") for _ in documents]

    evil = '"><script>alert(1)</script>\u202e<img src=x onerror=alert(2)>'
    tab = open_tab(Rude())
    table = upload("x.jsonl", '{"id": "<script>id</script>", "text": "\\u202eb", "<i>": "<script>cell</script>"}')
    html = tab.rerank(lines=evil, files=[replace(upload("a.png", b"no"), name=evil), table])
    for part in (html, tab.cut(), tab.last[tab.handlers.code]):
        assert "<script" not in part
        assert "<img src=x" not in part
        assert "\u202e" not in part


def test_halves_of_characters_do_not_break_the_page(tab):
    html = tab.rerank(lines="half \ud83d\nred mug")
    html.encode("utf-8")
    assert places(html) == ["2", "1"]
    tab.take("csv")["text"].encode("utf-8")


def test_the_same_of_another_page_goes_on_when_one_is_stopped(tab):
    runs: Runs = tab.handlers.shell.runs
    with runs.begun("another", "rerank") as patience:
        list(tab.handlers.stop(tab.visit))
        patience.check()
