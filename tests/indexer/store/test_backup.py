"""One file out of a store that is written to, and a store out of it again; a file that is no backup makes nothing."""

import signal
import sqlite3
import subprocess
import sys
import threading
import time
from itertools import count
from pathlib import Path

import numpy as np
import pytest

from content.errors import CollectionError, InvalidInput, NotFound
from indexer.encoded import EncodedItem
from indexer.store.backup import back_up, restore
from indexer.store.info import StoreInfo
from indexer.store.items import ItemStore

ROOT = Path(__file__).parents[3]


def make_store(folder: Path, items: int = 20) -> ItemStore:
    folder.mkdir()
    ItemStore.create(folder / "collection.sqlite", StoreInfo("toy-4", "toy", 4, 1.0))
    store = ItemStore.open(folder / "collection.sqlite")
    put(store, [f"{number}" for number in range(items)])
    return store


def put(store: ItemStore, ids: list[str], text: str = "red") -> None:
    vectors = np.ones((1, 4), np.float32)
    with store.transaction() as transaction:
        transaction.upsert([EncodedItem(each, text, None, b"d", {"text": vectors}, {"n": 1}) for each in ids])


@pytest.fixture
def folder(tmp_path) -> Path:
    folder = tmp_path / "collections" / "shop"
    folder.parent.mkdir()
    make_store(folder).close()
    return folder


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def told(path: Path) -> tuple[list, list, list]:
    with sqlite3.connect(path) as connection:
        rows = [
            connection.execute(f"SELECT * FROM {table} ORDER BY 1").fetchall() for table in ("items", "vectors", "info")
        ]
    connection.close()
    return tuple(rows)


def test_what_was_backed_up_comes_back(folder, tmp_path):
    shares = []
    written = back_up(folder, tmp_path / "shop.backup", reached=shares.append)
    assert (written.items, written.vectors, written.encoder, written.format) == (20, 20, "toy-4", 2)
    assert written.size == (tmp_path / "shop.backup").stat().st_size
    assert shares[-1] == 1.0
    restored = restore(tmp_path / "shop.backup", folder.with_name("again"))
    assert restored.items == 20
    assert told(folder.with_name("again") / "collection.sqlite") == told(folder / "collection.sqlite")
    store = ItemStore.open(folder.with_name("again") / "collection.sqlite")
    put(store, ["new"])
    assert len(store) == 21
    store.close()
    assert names(tmp_path) == ["collections", "shop.backup"]
    assert names(folder.parent) == ["again", "shop"]


def test_a_backup_is_one_moment_of_a_store_that_is_being_written_to(folder, tmp_path):
    store = ItemStore.open(folder / "collection.sqlite")
    stop = threading.Event()

    def write():
        for n in count():
            put(store, [f"{each}" for each in range(20)], text=f"{n}")
            if stop.is_set():
                return

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for n in range(5):
            assert back_up(folder, tmp_path / f"{n}").items == 20
    finally:
        stop.set()
        writer.join()
        store.close()
    for n in range(5):
        with sqlite3.connect(tmp_path / f"{n}") as connection:
            assert connection.execute("SELECT count(DISTINCT text) FROM items").fetchone() == (1,)
        connection.close()


def test_nothing_is_overwritten_unless_that_is_wanted(folder, tmp_path):
    target = tmp_path / "shop.backup"
    target.write_text("precious")
    with pytest.raises(InvalidInput, match="--force"):
        back_up(folder, target)
    assert target.read_text() == "precious"
    assert back_up(folder, target, replace=True).items == 20
    before = told(folder / "collection.sqlite")
    for inside in (folder / "collection.sqlite", folder / "backup", tmp_path / "collections" / ".." / "collections"):
        with pytest.raises(InvalidInput):
            back_up(folder, inside, replace=True)
    with pytest.raises(InvalidInput, match="no folder"):
        back_up(folder, tmp_path / "nowhere" / "file")
    with pytest.raises(NotFound):
        back_up(folder.with_name("nothing"), tmp_path / "b")
    with pytest.raises(InvalidInput, match=r"there is .*shop already"):
        restore(target, folder)
    assert told(folder / "collection.sqlite") == before


def torn(data: bytes) -> bytes:
    return data[: len(data) // 2]


def scribbled(data: bytes) -> bytes:
    return data[:20_000] + b"\xff" * 20_000 + data[40_000:]


@pytest.mark.parametrize(
    "damage", [torn, scribbled, lambda data: b"", lambda data: b"no database " * 999], ids=["torn", "bytes", "0", "x"]
)
def test_a_damaged_file_restores_nothing(folder, tmp_path, damage):
    back_up(folder, tmp_path / "b")
    (tmp_path / "b").write_bytes(damage((tmp_path / "b").read_bytes()))
    with pytest.raises(CollectionError, match=r"b is no backup|b is damaged|cannot read"):
        restore(tmp_path / "b", folder.with_name("again"))
    assert names(folder.parent) == ["shop"]


def test_what_is_no_backup_or_newer_restores_nothing(folder, tmp_path):
    with pytest.raises(NotFound):
        restore(tmp_path / "nothing", folder.with_name("again"))
    with sqlite3.connect(tmp_path / "other") as connection:
        connection.execute("CREATE TABLE t (x)")
    connection.close()
    with pytest.raises(CollectionError, match="no backup of a collection"):
        restore(tmp_path / "other", folder.with_name("again"))
    back_up(folder, tmp_path / "newer")
    with sqlite3.connect(tmp_path / "newer") as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(CollectionError, match="newer version"):
        restore(tmp_path / "newer", folder.with_name("again"))
    assert names(folder.parent) == ["shop"]


def test_an_interrupted_backup_or_restore_leaves_nothing(folder, tmp_path):
    def stop(share: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        back_up(folder, tmp_path / "b", reached=stop)
    assert names(tmp_path) == ["collections"]
    back_up(folder, tmp_path / "b")
    with pytest.raises(KeyboardInterrupt):
        restore(tmp_path / "b", folder.with_name("again"), reached=stop)
    assert names(folder.parent) == ["shop"]


CHILD = """
import sys, time
from pathlib import Path
from indexer.store.backup import back_up, restore
def wait(share):
    print("begun", flush=True)
    time.sleep(60)
{"back_up": back_up, "restore": restore}[sys.argv[1]](Path(sys.argv[2]), Path(sys.argv[3]), reached=wait)
"""


def test_a_killed_backup_or_restore_is_not_there_and_can_be_done_again(folder, tmp_path):
    again = folder.with_name("again")
    for verb, source, target in (("back_up", folder, tmp_path / "b"), ("restore", tmp_path / "b", again)):
        process = subprocess.Popen(
            [sys.executable, "-c", CHILD, verb, source, target], cwd=ROOT, stdout=subprocess.PIPE, text=True
        )
        assert process.stdout.readline() == "begun\n"
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
        assert not target.exists()
        assert {"back_up": back_up, "restore": restore}[verb](source, target).items == 20
    assert names(tmp_path) == ["b", "collections"]
    assert names(folder.parent) == ["again", "shop"]


@pytest.mark.slow
def test_a_backup_takes_little_memory_however_large_the_collection_is(tmp_path):
    store = make_store(tmp_path / "large", 0)
    for n in range(20):
        put(store, [f"{n}-{each}" for each in range(10)], text="x" * 500_000 + f"{n}{time.time()}")
    store.close()
    code = """
import resource, sys
from pathlib import Path
from indexer.store.backup import back_up, restore
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
folder = Path(sys.argv[1])
back_up(folder, folder.with_name("b"))
restore(folder.with_name("b"), folder.with_name("again"))
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024)
"""
    done = subprocess.run(
        [sys.executable, "-c", code, tmp_path / "large"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert (tmp_path / "b").stat().st_size > 100_000_000
    assert float(done.stdout) < 40
