import numpy as np
import pytest
from support.toy_source import png

from content import Content, Unreadable
from content.errors import InvalidInput, NotFound
from indexer.collection import Collection
from indexer.encoded import EncodedItem
from indexer.item import Item, Picture

RED = Picture(png((255, 0, 0)), "image/png")


def found(collection, encoder, text, k=10, channel="text"):
    return [hit.id for hit in collection.nearest(channel, encoder.encode_texts([text]), k)[0]]


def test_a_new_collection_is_empty_and_says_what_it_is(collection, encoder, tmp_path):
    assert len(collection) == 0
    assert collection.name == "things"
    assert collection.folder == tmp_path / "things"
    assert collection.encoder_name == "toy-16"
    assert collection.dimension == 16
    assert collection.count("text") == collection.count("image") == 0
    assert collection.nearest("text", encoder.encode_texts(["red"]), 3) == [[]]


def test_what_was_stored_comes_back(collection, encoded):
    collection.upsert(
        [
            encoded("a/ü 1.png", "red mug", picture=RED, colour="red", price=4.5, tags=["x", None]),
            encoded("b", "blue bag"),
        ]
    )
    assert collection.get(["b", "nobody", "a/ü 1.png"]) == [
        Item("b", "blue bag", False, {}),
        None,
        Item("a/ü 1.png", "red mug", True, {"price": 4.5, "tags": ["x", None]}),
    ]
    assert collection.picture("a/ü 1.png") == RED
    assert len(collection) == 2
    assert "b" in collection
    assert "nobody" not in collection


def test_the_nearest_items_come_best_first_with_their_cosines(collection, encoder, encoded):
    collection.upsert([encoded("red", "red"), encoded("mug", "red mug"), encoded("bag", "blue bag")])
    rankings = collection.nearest("text", encoder.encode_texts(["red", "bag"]), 2)
    assert [hit.id for hit in rankings[0]] == ["red", "mug"]
    assert [hit.score for hit in rankings[0]] == pytest.approx([1.0, 2**-0.5])
    assert rankings[1][0][0] == "bag"
    assert rankings[1][0][1] == pytest.approx(2**-0.5)


def test_channels_are_apart(collection, encoder, encoded):
    collection.upsert([encoded("both", "mug", picture=RED, colour="red"), encoded("text", "red")])
    assert found(collection, encoder, "red", channel="image") == ["both"]
    assert found(collection, encoder, "red", k=1) == ["text"]
    assert (collection.count("image"), collection.count("text")) == (1, 2)


def test_a_replaced_item_is_wholly_replaced(collection, encoder, encoded):
    collection.upsert([encoded("a", "red", picture=RED, colour="red", old=1), encoded("b", "blue")])
    collection.upsert([encoded("a", "green", new=2)])
    assert collection.get(["a"]) == [Item("a", "green", False, {"new": 2})]
    assert found(collection, encoder, "green", k=1) == ["a"]
    assert found(collection, encoder, "red", channel="image") == []
    assert (len(collection), collection.count("text"), collection.count("image")) == (2, 2, 0)
    with pytest.raises(NotFound):
        collection.picture("a")


def test_of_two_items_with_one_id_the_last_counts(collection, encoder, encoded):
    collection.upsert([encoded("a", "red"), encoded("b", "blue"), encoded("a", "green")])
    assert collection.get(["a"])[0].text == "green"
    assert collection.count("text") == 2
    assert found(collection, encoder, "green", k=1) == ["a"]


def test_deleted_items_are_gone_at_once_and_after_reopening(collection, encoder, encoded):
    collection.upsert([encoded(name, name, picture=RED, colour=name) for name in ("red", "green", "blue")])
    assert collection.delete(["red", "nobody", "red"]) == 1
    for opened in (collection, Collection.open(collection.folder, encoder)):
        assert "red" not in found(opened, encoder, "red")
        assert "red" not in found(opened, encoder, "red", channel="image")
        assert opened.get(["red"]) == [None]
        assert len(opened) == 2
    opened.close()


def test_an_item_counts_once_by_its_best_vector(collection, encoder, encoded):
    many = encoded("long", *["red"] * 30, "red red mug", "blue")
    collection.upsert([many, encoded("one", "red mug"), encoded("two", "blue red bag"), encoded("three", "bag")])
    ranking = collection.nearest("text", encoder.encode_texts(["red"]), 3)[0]
    assert [hit.id for hit in ranking] == ["long", "one", "two"]
    assert [hit.score for hit in ranking] == pytest.approx([1.0, 2**-0.5, 3**-0.5])
    assert found(collection, encoder, "blue", k=1) == ["long"]
    assert len(found(collection, encoder, "red", k=100)) == 4


def test_documents_are_contents_or_say_why_not(collection, encoded):
    torn = Picture(RED.data[:40], "image/png")
    collection.upsert([encoded("red", "mug", picture=RED), encoded("text", "only"), encoded("torn", picture=torn)])
    documents = collection.documents(["torn", "red", "gone", "text"])
    assert isinstance(documents[0], Unreadable)
    assert documents[1].text == "mug"
    assert documents[1].image.getpixel((0, 0)) == (255, 0, 0)
    assert isinstance(documents[2], Unreadable)
    assert documents[3] == Content(text="only")


def test_pictures_that_are_not_there_are_not_found(collection, encoded):
    collection.upsert([encoded("text", "only")])
    with pytest.raises(NotFound, match="has no picture"):
        collection.picture("text")
    with pytest.raises(NotFound, match="is not there"):
        collection.picture("nobody")


def test_ids_come_in_pages_in_order(collection, encoded):
    names = ["b", "ä", "a", "中文", "B", "a/2", "🙂"]
    collection.upsert([encoded(name, "x") for name in names])
    pages, after = [], None
    while page := collection.ids(3, after):
        pages += page
        after = page[-1]
    assert pages == sorted(names)


def test_a_sample_lies_evenly_over_what_is_there_in_the_order_in_which_it_came(collection, encoded):
    assert collection.sample(3) == []
    collection.upsert([encoded(f"{9 - n}", "red") for n in range(10)])

    assert collection.sample(5) == ["9", "7", "5", "3", "1"]
    assert collection.sample(100) == [f"{9 - n}" for n in range(10)]
    collection.delete(["9", "7", "6", "5", "0"])
    assert collection.sample(2) == ["8", "4"]


def test_fields_are_those_that_items_still_have(collection, encoded):
    assert collection.fields() == []
    collection.upsert([encoded("a", "x", price=1, tags=["new"]), encoded("b", "x", brand=None, price=2)])
    assert collection.fields() == ["price", "tags", "brand"]
    collection.delete(["a"])
    assert collection.fields() == ["price", "brand"]


def test_digests_are_given_for_what_is_there(collection, encoded):
    item = encoded("a", "x")
    collection.upsert([item])
    assert collection.digests(["a", "b"]) == {"a": item.digest}


def test_calls_with_nothing_do_nothing(collection, encoder):
    collection.upsert([])
    assert collection.delete([]) == 0
    assert collection.get([]) == []
    assert collection.documents([]) == []
    assert collection.digests([]) == {}
    assert collection.nearest("text", np.empty((0, 16), np.float32), 5) == []


@pytest.mark.parametrize(
    ("change", "param"),
    [
        ({"id": ""}, "id"),
        ({"id": "x" * 513}, "id"),
        ({"id": "a\nb"}, "id"),
        ({"id": "a\x00"}, "id"),
        ({"id": "a\ud800"}, "id"),
        ({"text": "lone \ud800 surrogate"}, "text"),
        ({"metadata": {"price": float("nan")}}, "metadata"),
        ({"metadata": {"when": object()}}, "metadata"),
        ({"metadata": {3: "x"}}, "metadata"),
        ({"vectors": {"text": np.zeros((1, 15), np.float32)}}, "vectors"),
        ({"vectors": {"text": np.zeros(16, np.float32)}}, "vectors"),
        ({"vectors": {"text": np.full((1, 16), np.nan, np.float32)}}, "vectors"),
    ],
    ids=str,
)
def test_a_bad_item_is_refused_and_with_it_its_whole_batch(collection, encoder, encoded, change, param):
    collection.upsert([encoded("old", "red")])
    fields = {"id": "bad", "text": "t", "picture": None, "digest": b"0" * 32, "vectors": {}, "metadata": {}} | change
    with pytest.raises(InvalidInput) as caught:
        collection.upsert([encoded("new", "red"), encoded("old", "blue"), EncodedItem(**fields)])
    assert caught.value.param == param
    assert collection.ids(10) == ["old"]
    assert found(collection, encoder, "red") == ["old"]
    assert collection.get(["old"])[0].text == "red"


def test_the_longest_id_and_odd_lookups_are_fine(collection, encoded):
    collection.upsert([encoded("x" * 512, "t"), encoded("'); DROP TABLE items; --", "t")])
    assert len(collection) == 2
    assert collection.get(["\ud800", "\x00", "", "x" * 9999]) == [None] * 4
    assert collection.delete(["\ud800", "x" * 9999]) == 0


def test_bad_searches_are_refused(collection, encoder):
    with pytest.raises(InvalidInput):
        collection.nearest("text", encoder.encode_texts(["red"]), 0)
    with pytest.raises(InvalidInput):
        collection.nearest("text", np.zeros((1, 15), np.float32), 1)


def test_items_are_read_in_pages_forwards_and_backwards(collection, encoded):
    ids = [f"{number:02}" for number in range(10)]
    collection.upsert([encoded(item_id, f"text {item_id}", number=int(item_id)) for item_id in ids])

    def page(**where):
        return [item.id for item in collection.page(4, **where)]

    assert page() == ids[:4]
    assert page(after="03") == ids[4:8]
    assert page(after="07") == ids[8:]
    assert page(after="09") == []
    assert page(before="08") == ids[4:8]
    assert page(before="02") == ids[:2]
    assert page(before="00") == []
    collection.delete(["03", "04"])
    assert page(after="03") == ["05", "06", "07", "08"]  # the item it stood at is gone
    assert collection.page(1)[0] == Item("00", "text 00", False, {"number": 0})


def test_a_page_is_found_by_the_index_of_ids(collection):
    """Not by counting from the first item, nor by sorting all."""
    asked = []
    with collection._store._database.reading() as connection:
        connection.set_trace_callback(asked.append)
    collection.page(4, after="x")
    collection.page(4, before="x")
    with collection._store._database.reading() as connection:
        connection.set_trace_callback(None)
        plans = [connection.execute(f"EXPLAIN QUERY PLAN {each}").fetchall() for each in asked]
    assert len(plans) == 2
    for steps in plans:
        told = " ".join(row[-1] for row in steps)
        assert "SEARCH items USING INDEX" in told
        assert "SCAN items" not in told
        assert "TEMP B-TREE" not in told
