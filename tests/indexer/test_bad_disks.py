"""Damaged files, full disks, read-only disks: a clear error, nothing lost that was acknowledged, and on it goes."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import numpy as np
import pytest
from support.full_disk import batch
from support.toy_encoder import ToyEncoder

from content.errors import CollectionError, NotFound
from indexer.collection import Collection
from indexer.vectors.live import IndexPolicy

ROOT = Path(__file__).parents[2]
PAGE = 16384
SMALL = IndexPolicy(exact_up_to=300)


@contextmanager
def process(folder: Path) -> Iterator[Callable[[str], str]]:
    environment = {**os.environ, "PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}", "OMP_NUM_THREADS": "1"}
    child = subprocess.Popen(
        [sys.executable, "-m", "support.full_disk", folder],
        env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip

    def tell(order: str) -> str:
        child.stdin.write(f"{order}\n")
        child.stdin.flush()
        return child.stdout.readline().strip()

    try:
        yield tell
    finally:
        child.kill()
        child.communicate()


def mounted(folder: Path, options: str) -> bool:
    folder.mkdir(exist_ok=True)
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", folder], capture_output=True, check=False)
    return done.returncode == 0


@pytest.fixture
def disk(tmp_path) -> Iterator[Path]:
    """A disk of 4 MB of its own, where whoever runs the tests may mount one."""
    folder = tmp_path / "disk"
    try:
        if not mounted(folder, "size=4m"):
            pytest.skip("a disk can be mounted by root only")
    except OSError:
        pytest.skip("there is no mount")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


def everything(collection: Collection) -> tuple:
    ids = collection.ids(10_000)
    found = collection.nearest("text", np.eye(16, dtype=np.float32)[:3], 10_000)
    return collection.get(ids), [{hit.id for hit in row} for row in found], {h.id for h in collection.by_words("11", 9)}


def test_whatever_page_of_the_file_is_damaged_no_answer_is_wrong(tmp_path):
    with Collection.create(tmp_path / "c", ToyEncoder()) as collection:
        collection.upsert(batch(0, 300))
        right = everything(collection)
    path = tmp_path / "c" / "collection.sqlite"
    data, told = path.read_bytes(), []
    rng = np.random.default_rng(0)
    for start in range(0, len(data), PAGE):
        path.write_bytes(data[:start] + rng.bytes(PAGE) + data[start + PAGE :])
        try:
            with Collection.open(tmp_path / "c", ToyEncoder()) as collection:
                assert everything(collection) == right
        except CollectionError as error:
            told.append(error.message)
    assert len(told) > len(data) // PAGE // 2
    assert all("damaged" in each and ("backup" in each or "lychee collection check" in each) for each in told)


@pytest.mark.parametrize("size", [0, 50, PAGE, 3 * PAGE, 5 * PAGE + 100])
def test_a_file_that_was_cut_is_damaged_and_no_new_collection_is_made_in_its_place(tmp_path, size):
    with Collection.create(tmp_path / "c", ToyEncoder()) as collection:
        collection.upsert(batch(0, 300))
    path = tmp_path / "c" / "collection.sqlite"
    path.write_bytes(path.read_bytes()[:size])
    for open_it in (Collection.open, Collection.create):
        with pytest.raises(CollectionError, match="damaged"), open_it(tmp_path / "c", ToyEncoder()) as collection:
            everything(collection)
    assert path.stat().st_size == size


def test_a_file_that_is_gone_is_told_from_a_collection_that_never_was(tmp_path):
    Collection.create(tmp_path / "c", ToyEncoder()).close()
    (tmp_path / "c" / "collection.sqlite").unlink()
    with pytest.raises(CollectionError, match="restore it from a backup"):
        Collection.open(tmp_path / "c", ToyEncoder())
    with pytest.raises(NotFound):
        Collection.open(tmp_path / "d", ToyEncoder())


def test_a_batch_that_finds_no_room_is_wholly_absent(tmp_path):
    with Collection.create(tmp_path / "c", ToyEncoder()) as collection:
        collection.upsert(batch(0, 100))
        before = everything(collection)
        with collection._store._database.writing() as connection:
            (pages,) = connection.execute("PRAGMA page_count").fetchone()
            connection.execute(f"PRAGMA max_page_count = {pages + 2}")
        with pytest.raises(
            CollectionError, match=r"no space is left on the disk of .*c; free some.*nothing of this batch"
        ):
            collection.upsert(batch(50, 500))
        assert everything(collection) == before
        with collection._store._database.writing() as connection:
            connection.execute("PRAGMA max_page_count = 1000000")
        collection.upsert(batch(50, 500))
        assert len(collection) == collection.count("text") == 550
        assert collection.check().is_clean


def test_a_process_whose_files_may_not_grow_goes_on_searching_and_writes_when_they_may(tmp_path):
    Collection.create(tmp_path / "c", ToyEncoder()).close()
    with process(tmp_path / "c") as tell:
        assert tell("open 100000") == "opened 0"
        assert tell("write 0 100") == "written"
        assert tell("limit 600000") == "limited"
        written = 100
        while (told := tell(f"write {written} 100")) == "written":
            written += 100
        assert told.startswith("CollectionError: ")
        assert "nothing of this batch was stored" in told
        assert "disk" in told
        assert tell("search") == f"found {written} {written} 10"
        assert tell("write 9000 100") == told
        assert tell("limit 0") == "limited"
        assert tell(f"write {written} 100") == "written"
        assert tell("search") == f"found {written + 100} {written + 100} 10"
    with Collection.open(tmp_path / "c", ToyEncoder()) as collection:
        assert sorted(collection.ids(10_000), key=int) == [f"{n}" for n in range(written + 100)]
        assert collection.check().is_clean


def test_an_index_that_cannot_be_written_stops_neither_searching_nor_writing(tmp_path):
    with Collection.create(tmp_path / "c", ToyEncoder()) as collection:
        for first in range(0, 6000, 500):
            collection.upsert(batch(first, 500))
    with process(tmp_path / "c") as tell:
        assert tell("limit 250000") == "limited"
        assert tell("open 300") == "opened 6000"
        assert tell("search") == "found 6000 6000 10"
        assert tell("write 6000 5") == "written"
        assert tell("search") == "found 6005 6005 10"
        told = tell("settle")
        assert told.startswith("CollectionError: cannot write the index")
        assert not list((tmp_path / "c").glob("*.faiss"))
        assert not list((tmp_path / "c").glob(".*.tmp"))
        assert tell("limit 0") == "limited"
        assert tell("settle") == "settled 1"
        assert tell("search") == "found 6005 6005 10"


def fill(disk: Path) -> Path:
    """A file that takes all that is left of the disk."""
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(b"x" * 4096)
    return ballast


def test_a_disk_that_runs_full_loses_nothing_and_goes_on_when_there_is_room(disk):
    with Collection.create(disk / "c", ToyEncoder(), SMALL) as collection:
        written, spare = 0, disk / "spare"
        spare.write_bytes(b"x" * 1_000_000)
        with suppress(CollectionError):
            while True:
                collection.upsert(batch(written, 50))
                written += 50
        with pytest.raises(CollectionError, match=r"disk of .*nothing of this batch was stored"):
            collection.upsert(batch(written, 50))
        assert written >= 300
        assert len(collection) == written
        ballast = fill(disk)
        assert len(everything(collection)[1][0]) == written
        for _ in range(2):
            with pytest.raises(CollectionError, match=r"no space is left|disk"):
                collection.upsert(batch(written, 50))
        ballast.unlink()
        spare.unlink()
        collection.delete([f"{n}" for n in range(200)])
        assert len(collection) == written - 200
    with Collection.open(disk / "c", ToyEncoder(), SMALL) as again:
        assert sorted(again.ids(10_000), key=int) == [f"{n}" for n in range(200, written)]
        assert again.check().is_sound


def test_a_file_that_turns_read_only_is_named_and_the_next_write_goes_through(tmp_path):
    with Collection.create(tmp_path / "c", ToyEncoder()) as collection:
        collection.upsert(batch(0, 50))
        for state in ("ON", "OFF"):
            collection._store._database._writer.execute(f"PRAGMA query_only = {state}")
            if state == "ON":
                with pytest.raises(CollectionError, match=r"read-only; make it writable.*nothing of this batch"):
                    collection.upsert(batch(50, 50))
                assert len(everything(collection)[1][0]) == 50
        collection.upsert(batch(50, 50))
        assert len(collection) == collection.count("text") == 100


def test_a_read_only_disk_is_named(disk):
    with Collection.create(disk / "c", ToyEncoder()) as collection:
        collection.upsert(batch(0, 50))
    subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
    with pytest.raises(CollectionError, match=r"writable even for searching|[Rr]ead-only"):
        Collection.open(disk / "c", ToyEncoder())
    with pytest.raises(CollectionError, match=r"cannot make the folder .*Read-only"):
        Collection.create(disk / "d", ToyEncoder())
    subprocess.run(["mount", "-o", "remount,rw", disk], check=True)
    with Collection.open(disk / "c", ToyEncoder()) as again:
        assert len(everything(again)[1][0]) == 50
