"""What of an item is found by words, as it is stored, changed and removed."""

import numpy as np
import pytest

from indexer.encoded import EncodedItem
from indexer.item import Passage
from indexer.store.items import ItemStore, StoreInfo
from indexer.store.words import count_word_rows
from indexer.store.written import written_rows


@pytest.fixture
def store(tmp_path):
    ItemStore.create(tmp_path / "collection.sqlite", StoreInfo("toy", "f" * 64, 2, 0.0))
    store = ItemStore.open(tmp_path / "collection.sqlite")
    yield store
    store.close()


def item(item_id: str, text: str | None = None, *passages: Passage, ocr: str | None = None, **metadata) -> EncodedItem:
    rows = len(passages) or int(bool(text))
    vectors = {"text": np.tile(np.array([1, 0], np.float32), (rows, 1))}
    return EncodedItem(item_id, text, None, b"d" * 32, vectors, metadata, passages, ocr)


def put(store: ItemStore, *items: EncodedItem) -> None:
    with store.transaction() as transaction:
        transaction.upsert(items)


def ids(store: ItemStore, query: str) -> list[str]:
    """The items of the rows that are found, best first."""
    rowids: list[int] = []
    store.by_words(query, lambda rows: rowids.extend(rowid for rowid, _ in rows))
    with store._database.reading() as connection:
        owners = dict(connection.execute("SELECT key, item FROM vectors"))
        names = dict(connection.execute("SELECT number, id FROM items"))
    return [names[-rowid if rowid < 0 else owners[rowid]] for rowid in rowids]


def passages(store: ItemStore, query: str) -> list[Passage | None]:
    rowids: list[int] = []
    store.by_words(query, lambda rows: rowids.extend(rowid for rowid, _ in rows))
    found = store.passages(rowids)
    return [found.get(rowid) for rowid in rowids]


def test_an_item_is_found_by_its_id_its_text_its_ocr_and_its_metadata(store):
    put(
        store,
        item("SKU-4711", "a mug", Passage("text", 0, 5), Passage("ocr", 0, 7), ocr="2024年营收", brand="Acme"),
        item("photo", tags=["waterproof", "Größe L"], article=8822002, price=19.99, sold=True),
    )
    for query in ("sku-4711", "mug", "营收", "acme"):
        assert ids(store, query) == ["SKU-4711"]
    for query in ("waterproof", "grösse", "8822002", "19.99", "photo"):
        assert ids(store, query) == ["photo"]
    assert ids(store, "true") == []


def test_words_of_metadata_and_of_the_text_count_together(store):
    put(store, item("a", "a blue mug", colour="Acme"), item("b", "a red mug", brand="Acme"), item("c", "a red bowl"))
    assert ids(store, "acme red")[0] == "b"


def test_the_passage_is_named_that_holds_the_words(store):
    text = "The first is of copper.\0 The second is of steel. The third is of brass."
    places = [Passage("text", 0, 23), Passage("text", 25, 48), Passage("text", 49, 71)]
    put(store, item("metals", text, *places, maker="Acme"))
    assert passages(store, "copper") == [places[0]]
    assert passages(store, "steel") == [places[1]]
    assert passages(store, "brass") == [places[2]]
    assert passages(store, "acme") == [places[0]]


def test_a_name_that_is_a_hash_is_not_searched(store):
    put(store, item("5f2024ab9c31dd0e7a6655443322cafe"), item("2024-report"))
    assert ids(store, "2024") == ["2024-report"]
    assert ids(store, "cafe") == []


def test_what_an_item_no_longer_says_is_no_longer_found(store):
    put(store, item("a", "copper", brand="Acme"), item("b", "steel"))
    put(store, item("a", "brass"), item("b", "steel", brand="Other"))
    assert ids(store, "copper") == ids(store, "acme") == []
    assert ids(store, "brass") == ["a"]
    assert ids(store, "steel other") == ["b"]
    with store.transaction() as transaction:
        transaction.delete(["a", "b"])
    assert ids(store, "brass steel other") == []


def test_the_index_holds_what_the_items_say_and_nothing_else(store):
    put(store, *(item(f"n{n}", f"text {n}" if n % 2 else None, colour="红" if n % 3 else "") for n in range(40)))
    put(store, *(item(f"n{n}", "changed") for n in range(0, 40, 5)))
    with store.transaction() as transaction:
        transaction.delete([f"n{n}" for n in range(0, 40, 3)])
    with store._database.writing() as connection:
        rows = list(written_rows(connection))
        assert count_word_rows(connection) == len(rows) > 20
        for table in ("trigrams", "words"):
            connection.execute(f"INSERT INTO {table} ({table}) VALUES ('integrity-check')")
    assert sorted(ids(store, "changed")) == sorted(f"n{n}" for n in range(0, 40, 5) if n % 3)


def test_an_item_without_anything_to_say_has_no_row(store):
    put(store, item("0123456789abcdef0123456789abcdef"))
    with store._database.reading() as connection:
        assert list(written_rows(connection)) == []
