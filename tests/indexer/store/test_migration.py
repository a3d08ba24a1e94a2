"""Collections of the first format: nothing of them is lost on the way, wherever it is broken off."""

import random
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from support.format_1 import make_format_1
from support.toy_encoder import ToyEncoder
from support.toy_source import png

from content.errors import CollectionBusy, CollectionError
from indexer.collection import Collection
from indexer.filters import parse_filter
from indexer.item import Item, Passage

ROOT = Path(__file__).parents[3]
RED = png((255, 0, 0))
ITEMS = [
    ("mug", "red mug", None, {"price": 4.5, "brand": "Äpfel & Co"}),
    ("picture", None, RED, {"tags": ["new", "sale"]}),
    ("both", "杯子 🙂 blue", RED, {}),
    ("nothing", None, None, {"deep": {"er": [1, [2]]}, "huge": 10**400}),
    ("odd", "a\0b", None, {"half": "x\ud800y", "emoji": "🙂", "\udc00": 1}),
]


@pytest.fixture
def folder(tmp_path) -> Path:
    make_format_1(tmp_path / "old", ITEMS).close()
    return tmp_path / "old"


def found(collection: Collection, text: str, channel: str) -> list[str]:
    return [hit.id for hit in collection.nearest(channel, ToyEncoder().encode_texts([text]), 10)[0]]


def check_carried_over(folder: Path) -> None:
    with Collection.open(folder, ToyEncoder()) as collection:
        assert collection.get(["mug", "picture", "both"]) == [
            Item("mug", "red mug", False, {"price": 4.5, "brand": "Äpfel & Co"}),
            Item("picture", None, True, {"tags": ["new", "sale"]}),
            Item("both", "杯子 🙂 blue", True, {}),
        ]
        assert collection.picture("both").data == RED
        assert collection.digests(["mug"]) == {"mug": b"mug"}
        assert found(collection, "red mug", "text")[0] == "mug"
        assert set(found(collection, "red", "image")) == {"picture", "both"}
        assert [hit.id for hit in collection.by_words("杯子", 5)] == ["both"]
        assert [hit.id for hit in collection.by_words("Apfel", 5)] == ["mug"]
        key = collection.by_words("杯子", 5)[0].key
        assert collection.passages([key]) == {key: Passage("text", 0, 9)}
        cheap = parse_filter({"price": {"$lt": 5}})
        assert [hit.id for hit in collection.nearest("text", ToyEncoder().encode_texts(["x"]), 9, cheap)[0]] == ["mug"]
        assert collection.manifest.format == 2


def test_nothing_is_lost_and_everything_is_found(folder):
    check_carried_over(folder)
    names = {path.name for path in folder.iterdir()}
    assert names == {"collection.sqlite", "manifest.json", "writer.lock"}
    with Collection.open(folder) as collection:
        assert collection.check().is_clean
        odd, nothing = collection.get(["odd", "nothing"])
    assert odd == Item("odd", "a\0b", False, {"half": "x�y", "emoji": "🙂", "�": 1})
    assert nothing.metadata == {"deep": {"er": [1, [2]]}, "huge": str(10**400)}


def test_long_texts_are_indexed_again_by_the_next_run_and_short_ones_are_not(tmp_path):
    """Of a long text format 1 has a vector of the beginning alone."""
    make_format_1(tmp_path / "old", [("long", "red mug " * 50, None, {}), ("short", "red mug", None, {})]).close()
    with Collection.open(tmp_path / "old", ToyEncoder()) as collection:
        assert collection.digests(["long", "short"]) == {"long": b"", "short": b"short"}


def test_without_an_encoder_it_is_carried_over_too(folder):
    with Collection.open(folder) as collection:
        assert len(collection) == 5
    check_carried_over(folder)


def test_what_is_only_in_the_log_beside_the_file_comes_along(tmp_path):
    script = f"""
import os, sys
from pathlib import Path
sys.path[:0] = {[str(ROOT), str(ROOT / "tests")]!r}
from support.format_1 import make_format_1
connection = make_format_1(Path(sys.argv[1]), [("a", "red", None, {{}})])
os.kill(os.getpid(), 9)
"""
    subprocess.run([sys.executable, "-c", script, tmp_path / "old"], check=False)
    assert (tmp_path / "old" / "collection.sqlite-wal").stat().st_size > 0
    with Collection.open(tmp_path / "old", ToyEncoder()) as collection:
        assert found(collection, "red", "text") == ["a"]


def test_a_process_of_the_earlier_version_keeps_it_from_being_carried_over(tmp_path, monkeypatch):
    monkeypatch.setattr("indexer.store.migration._PATIENCE_S", 0.2)
    connection = make_format_1(tmp_path / "old", ITEMS)
    with pytest.raises(CollectionBusy, match="has it open"):
        Collection.open(tmp_path / "old", ToyEncoder())
    connection.execute("UPDATE items SET id = 'new' WHERE id = 'mug'")
    connection.close()
    with Collection.open(tmp_path / "old", ToyEncoder()) as collection:
        assert found(collection, "red mug", "text")[0] == "new"


def test_a_damaged_one_stays_as_it_is(folder):
    path = folder / "collection.sqlite"
    data = path.read_bytes()
    path.write_bytes(data[:20_000] + b"\xff" * 30_000 + data[50_000:])
    with pytest.raises(CollectionError, match="damaged"):
        Collection.open(folder, ToyEncoder())
    assert path.read_bytes()[50_000:] == data[50_000:]
    assert not list(folder.glob(".*"))


def test_no_new_collection_is_made_over_an_old_one(folder):
    with pytest.raises(CollectionError, match="already"):
        Collection.create(folder, ToyEncoder())
    check_carried_over(folder)


def test_killed_at_any_moment_it_is_whole_in_one_format_or_the_other(tmp_path):
    folder, count = tmp_path / "old", 3000
    make_format_1(folder, [(f"{n}", f"red {n}", None, {"n": n, "s": f"s {n}"}) for n in range(count)]).close()
    code = (
        "import sys; from pathlib import Path; from indexer.collection import Collection; print(1, flush=True); "
        "Collection.open(Path(sys.argv[1])).close(); print(2, flush=True)"
    )
    rng, done = random.Random(3), False
    for _ in range(40):
        process = subprocess.Popen([sys.executable, "-c", code, folder], cwd=ROOT, stdout=subprocess.PIPE, text=True)
        process.stdout.readline()
        time.sleep(rng.uniform(0.0, 0.25))
        process.send_signal(signal.SIGKILL)
        done = bool(process.stdout.read())
        process.wait()
        process.stdout.close()
        with sqlite3.connect(folder / "collection.sqlite") as connection:
            assert connection.execute("SELECT count(*), count(DISTINCT text) FROM items").fetchone() == (count, count)
            assert connection.execute("SELECT count(*) FROM vectors").fetchone() == (count,)
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        connection.close()
        if done:
            break
    with Collection.open(folder, ToyEncoder()) as collection:
        assert len(collection) == collection.count("text") == count
        assert collection.by_words(f"{count - 1}", 1)[0].id == f"{count - 1}"
    left = {path.name for path in folder.iterdir()} - {"writer.lock", "manifest.json", "compaction.lock"}
    assert left == {"collection.sqlite"}
