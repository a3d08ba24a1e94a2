"""Names, and what happens to folders behind them."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from support.table_reranker import add_texts
from support.toy_encoder import ToyEncoder

from content.errors import CollectionBusy, CollectionError, EncoderMismatch, InvalidInput, NotFound
from indexer.collection import Collection
from indexer.locks import ProcessLock
from indexer.names import WRITER_LOCK
from search.library import Library, check_name


@pytest.fixture
def library(tmp_path, encoder):
    library = Library(tmp_path / "collections", encoder)
    yield library
    library.close()


@pytest.mark.parametrize("name", ["a", "demo", "A-1_b.c", "目录", "каталог", "हिन्दी", "x" * 64, "demo-ViT-B-16", "1"])
def test_good_names(name):
    assert check_name(name) == name


@pytest.mark.parametrize(
    "name",
    [
        "",
        ".",
        "..",
        ".hidden",
        "a/b",
        "../a",
        "/etc",
        "a\\b",
        "a b",
        "a\n",
        "a\0",
        "a:b",
        "x" * 65,
        "𠀀" * 64,
        "\ud800",
        "😀",
    ],
)
def test_bad_names_are_refused_by_every_call(library, name):
    for call in (library.open, library.create, library.drop, library.info, library.folder):
        with pytest.raises(InvalidInput, match="no name for a collection") as refused:
            call(name)
        assert refused.value.param == "collection"


def test_names_that_look_alike_are_one(library):
    assert library.create("cafe\u0301") is True
    assert library.create("caf\u00e9") is False
    assert [listed.name for listed in library.list()] == ["caf\u00e9"]


def test_create_open_info_list_drop(library, encoder):
    assert library.list() == []
    assert library.create("one") is True
    assert library.create("two") is True
    add_texts(library.open("one"), encoder, {"a": "red", "b": "blue"})

    assert [(listed.name, listed.manifest.items) for listed in library.list()] == [("one", 2), ("two", 0)]
    assert library.info("one").encoder == "toy-16"
    assert library.open("one") is library.open("one")

    library.drop("one")

    assert [listed.name for listed in library.list()] == ["two"]
    for call in (library.open, library.info, library.drop):
        with pytest.raises(NotFound):
            call("one")
    assert library.create("one") is True
    assert len(library.open("one")) == 0


def test_creating_what_is_there_changes_nothing(library, encoder):
    library.create("one")
    add_texts(library.open("one"), encoder, {"a": "red"})

    assert library.create("one") is False
    assert len(library.open("one")) == 1


def test_a_dropped_collection_leaves_nothing_on_the_disk(library, encoder, tmp_path):
    library.create("one")
    add_texts(library.open("one"), encoder, {"a": "red"})
    remains = tmp_path / "collections" / ".dropped-by-a-process-that-was-killed"
    remains.mkdir()

    library.drop("one")

    assert list((tmp_path / "collections").iterdir()) == []


def test_other_folders_are_neither_listed_nor_dropped(library, tmp_path):
    holiday = tmp_path / "collections" / "holiday"
    holiday.mkdir(parents=True)
    (holiday / "photo.jpg").write_bytes(b"precious")

    assert library.list() == []
    with pytest.raises(NotFound):
        library.drop("holiday")
    assert (holiday / "photo.jpg").read_bytes() == b"precious"


def test_a_damaged_collection_is_listed_with_the_reason_and_can_be_dropped(library, tmp_path):
    library.create("good")
    broken = tmp_path / "collections" / "broken"
    broken.mkdir()
    (broken / "collection.sqlite").write_bytes(b"this is no database, whatever its name" * 100)

    listed = {each.name: each for each in library.list()}

    assert listed["good"].error is None
    assert listed["broken"].manifest is None
    assert listed["broken"].error
    with pytest.raises(CollectionError):
        library.open("broken")
    library.drop("broken")
    assert not broken.exists()


def test_a_collection_of_another_encoder_is_listed_but_not_opened(library, tmp_path):
    other = ToyEncoder(8)
    Collection.create(tmp_path / "collections" / "other", other).close()

    assert [listed.manifest.encoder for listed in library.list()] == ["toy-8"]
    assert library.info("other").dimension == 8
    with pytest.raises(EncoderMismatch, match=r"toy-8.*toy-16"):
        library.open("other")
    with pytest.raises(EncoderMismatch):
        library.create("other")


def test_a_collection_that_takes_long_to_open_keeps_nobody_from_the_others(library, tmp_path, encoder, monkeypatch):
    library.create("open")
    Collection.create(tmp_path / "collections" / "large", encoder).close()
    opening, opened = threading.Event(), threading.Event()
    open_now = Collection.open

    def open_slowly(*arguments):
        opening.set()
        assert opened.wait(30)
        return open_now(*arguments)

    monkeypatch.setattr(Collection, "open", open_slowly)
    with ThreadPoolExecutor(2) as pool:
        large = pool.submit(library.open, "large")
        assert opening.wait(10)
        try:
            assert pool.submit(library.open, "open").result(10).name == "open"
        finally:
            opened.set()
        assert large.result(10).name == "large"


def test_what_another_process_drops_is_gone_and_what_it_makes_is_found(library, encoder, tmp_path):
    elsewhere = Library(tmp_path / "collections", encoder)
    library.create("one")
    kept = library.open("one")
    add_texts(kept, encoder, {"a": "red"})
    elsewhere.back_up("one", tmp_path / "one.backup")

    elsewhere.drop("one")
    for call in (library.open, library.info):
        with pytest.raises(NotFound):
            call("one")
    with pytest.raises(CollectionError):
        add_texts(kept, encoder, {"lost": "red"})

    elsewhere.create("one")
    add_texts(elsewhere.open("one"), encoder, {"b": "blue", "c": "green"})
    assert library.open("one").ids(5) == ["b", "c"]
    assert library.info("one").items == 2

    elsewhere.drop("one")
    elsewhere.restore(tmp_path / "one.backup", "one")
    assert library.open("one").ids(5) == ["a"]
    assert [hit.id for hit in library.open("one").nearest("text", encoder.encode_texts(["red"]), 3)[0]] == ["a"]
    elsewhere.close()


def test_a_writer_whose_collection_is_replaced_loses_no_acknowledged_batch(library, encoder, tmp_path):
    library.create("one")
    writer = Collection.open(tmp_path / "collections" / "one", encoder)
    library.drop("one")
    library.create("one")
    with pytest.raises(CollectionError, match="removed or replaced"):
        add_texts(writer, encoder, {"a": "red"})
    writer.close()
    assert len(library.open("one")) == 0


def test_a_collection_that_another_process_writes_to_is_not_dropped(library, tmp_path, monkeypatch):
    library.create("one")
    monkeypatch.setattr(ProcessLock.__init__, "__defaults__", ("writing to", 0.1))
    with ProcessLock(tmp_path / "collections" / "one" / WRITER_LOCK).held(), pytest.raises(CollectionBusy):
        library.drop("one")
    assert library.open("one").ids(5) == []


def test_a_library_without_an_encoder_looks_after_what_is_there(library, encoder, tmp_path):
    library.create("one")
    add_texts(library.open("one"), encoder, {"a": "red"})
    plain = Library(tmp_path / "collections", None)
    assert [listed.name for listed in plain.list()] == ["one"]
    with plain.looked_at("one") as collection:
        assert collection.check().is_clean
    with pytest.raises(NotFound):
        plain.create("two")
    plain.back_up("one", tmp_path / "backup")
    assert plain.restore(tmp_path / "backup", "two").items == 1
    for name, error in (("nothing", NotFound), ("..", InvalidInput)):
        with pytest.raises(error):
            plain.back_up(name, tmp_path / "other")
    with pytest.raises(InvalidInput):
        plain.restore(tmp_path / "backup", "../three")
    plain.drop("one")
    assert library.open("two").ids(5) == ["a"]


def test_closed_collections_take_no_more_writes(library, encoder):
    library.create("one")
    collection = library.open("one")
    library.close()

    with pytest.raises(CollectionError):
        add_texts(collection, encoder, {"a": "red"})
