"""What is said above the hits: how far it is, what came of it, and what to do about it."""

from dataclasses import replace

import pytest
from support.table_reranker import TableReranker
from support.toy_service import COLLECTION

from api.page.search.state import over_html
from tests.api.page.search.conftest import TEXTS, record


@pytest.fixture
def judged(open_tab):
    """A tab with the three texts alone, judged by a table."""

    def judged(table=None, language="en", **search):
        tab = open_tab(TableReranker(table or {}), fill=False, language=language)
        tab.service.upsert(COLLECTION, [record(name, text) for name, text in TEXTS.items()])
        tab.found("red mug", **search)
        return tab

    return judged


def test_timings_of_each_stage_are_told_in_the_end(judged):
    for stage in ("encode", "recall", "rerank", "total"):
        assert f"{stage} " in judged({"red mug": 0.9}).state()
    assert "rerank" not in judged(rerank=False).state()


def test_when_nothing_fits_it_is_said_with_the_best_score(judged):
    hint = "The judge holds none of these for a match: the best scores 0.400"
    low = {"red mug": 0.4, "green mug": 0.1, "blue bag": 0.2}
    assert hint in judged(low).state()
    assert "最高分仅 0.400" in judged(low, "zh").state()
    assert "holds none" not in judged({**low, "red mug": 0.51}).state()


def test_when_nothing_reaches_the_threshold_it_is_said_with_the_best_score(judged):
    tab = judged({"red mug": 0.7, "green mug": 0.1}, threshold=0.9)
    assert "Nothing reaches a score of 0.90; the best has 0.700" in tab.state()
    assert tab.ids() == []
    tab.cut(threshold=0.6)
    assert "Nothing reaches" not in tab.state()


def test_scores_that_are_all_alike_are_a_hint_in_the_visitors_language(judged):
    high = dict.fromkeys(("red mug", "green mug", "blue bag"), 0.9)
    assert "All scores are nearly the same" in judged(high).state()
    told = judged(high, language="zh").state()
    assert "所有分数几乎相同" in told
    assert "low_discrimination" not in told


def test_when_nothing_fits_and_all_scores_are_alike_one_hint_says_both(judged):
    told = judged().state()
    assert "holds none of these for a match: the best scores 0.500" in told
    assert "hardly differ" in told
    assert told.count('class="notice') == 1
    assert judged(language="zh").state().count('class="notice') == 1


def test_nothing_found_is_told_with_the_reason(judged):
    assert (
        "nothing in it has this field: price. Nothing in it has any fields." in judged(filter_='{"price": 1}').state()
    )
    assert "the collection has nothing of this kind yet" in judged(target="image").state()


def test_a_filter_by_a_field_that_nothing_has_is_told_which_and_which_there_are(tab):
    tab.found("red", filter_='{"$or": [{"prise": {"$lt": 5}}, {"price": 99}]}')
    assert "nothing in it has this field: prise. Fields of this collection: price." in tab.state()
    tab.found("red", filter_='{"price": 99}')
    assert "Nothing in this collection meets the filter. Loosen it" in tab.state()

    tab.found("red", filter_='{"prise": 99}')
    given_up = replace(tab.shown[tab.parts.found], fields=None)
    assert "this field" not in over_html(tab.visit, given_up)
