"""Which collections can be searched, and the examples and fields of the one that is chosen."""

import gradio as gr
import pytest
from support.toy_encoder import ToyEncoder
from support.toy_service import COLLECTION

from api.page.search.examples import examples_of
from indexer.collection import Collection
from tests.api.page.search.conftest import record


def refreshed(tab, chosen=None) -> dict:
    (updates,) = tab.choosing.refresh(tab.visit, chosen)
    return updates


def offered(tab, chosen=None) -> tuple[list[str], str | None]:
    update = refreshed(tab, chosen)[tab.choosing.collection]
    return [value for _, value in update["choices"]], update["value"]


def keys(cards) -> list[str]:
    return [card["key"] for card in cards]


def test_collections_are_offered_with_their_sizes_and_the_default_one_is_chosen(tab):
    tab.service.library.create("another")
    update = refreshed(tab)[tab.choosing.collection]

    assert update["choices"] == [("another (0)", "another"), ("toys (6)", "toys")]
    assert (update["value"], update["visible"]) == (COLLECTION, True)


def test_one_collection_alone_is_no_choice(tab):
    assert refreshed(tab)[tab.choosing.collection]["visible"] is False


def test_what_was_chosen_stays_while_it_is_there(tab):
    tab.service.library.create("another")
    assert offered(tab, "another")[1] == "another"
    tab.service.library.drop("another")
    assert offered(tab, "another") == ([COLLECTION], COLLECTION)


def test_collections_that_cannot_be_searched_here_are_left_out(tab):
    root = tab.service.settings.collections
    Collection.create(root / "foreign", ToyEncoder(8)).close()
    (root / "broken").mkdir()
    (root / "broken" / "collection.sqlite").write_bytes(b"no database")

    assert offered(tab)[0] == [COLLECTION]


def test_without_the_default_one_another_is_chosen_and_without_any_that_is_told(tab):
    tab.service.library.create("another")
    tab.service.library.drop(COLLECTION)
    assert offered(tab) == (["another"], "another")
    tab.service.library.drop("another")
    assert "There is no collection" in refreshed(tab)[tab.choosing.notice]


def test_while_models_load_it_asks_again(tab):
    tab.loading.is_loading = True
    updates = refreshed(tab)
    assert updates[tab.choosing.waiting] == gr.update(active=True)
    assert "loading" in updates[tab.choosing.notice]

    tab.loading.is_loading = False
    assert refreshed(tab)[tab.choosing.waiting] == gr.update(active=False)


def test_examples_are_pictures_to_search_with_and_texts_to_search_for(tab):
    assert keys(refreshed(tab)[tab.choosing.examples]) == [
        "like red", "like green", "like blue", "ask red mug", "ask green mug", "ask blue bag",
    ]  # fmt: skip
    assert keys(refreshed(tab)[tab.choosing.examples]) == keys(refreshed(tab)[tab.choosing.examples])


def test_fields_that_a_filter_may_name_are_told(tab):
    assert "price" in refreshed(tab)[tab.choosing.filter]["info"]


def test_another_collection_has_its_own_examples(tab):
    tab.service.library.create("another")
    tab.service.upsert("another", [record("one", "a white dog")])

    (updates,) = tab.choosing.chosen(tab.visit, "another")

    assert keys(updates[tab.choosing.examples]) == ["ask a white dog"]


@pytest.mark.parametrize(("language", "text"), [("en", "a red mug"), ("zh", "一个红杯子")])
def test_examples_are_in_the_readers_language(open_tab, language, text):
    tab = open_tab(fill=False, language=language)
    rows = [record(f"{n}", caption_en="a red mug", caption_zh="一个红杯子", text="x") for n in range(3)]
    tab.service.upsert(COLLECTION, rows)
    assert examples_of(tab.service.library.open(COLLECTION), language).texts == [text]


def test_examples_of_what_is_hostile_are_harmless_and_long_texts_are_none(open_tab):
    tab = open_tab(fill=False)
    nasty = '"><script>alert(1)</script>'
    tab.service.upsert(COLLECTION, [record("a", nasty), record("b", "word " * 1000)])
    (card,) = refreshed(tab)[tab.choosing.examples]
    assert "<script" not in card["html"]
