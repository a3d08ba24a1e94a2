"""What was acknowledged survives `kill -9`; what was not is whole or absent; the next process goes on at once."""

import os
import random
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from support.hostile_files import make_hostile_folder
from support.toy_encoder import ToyEncoder
from support.toy_source import MixedSource

from indexer.build import build
from indexer.collection import Collection
from indexer.sources import open_source

ROOT = Path(__file__).parents[2]


@contextmanager
def child(module, *arguments):
    environment = {**os.environ, "PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}", "OMP_NUM_THREADS": "1"}
    process = subprocess.Popen(
        [sys.executable, "-m", module, *map(str, arguments)], env=environment, stdout=subprocess.PIPE, text=True
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def said_before_being_killed(process, after_s):
    """All lines that the child wrote until it was killed, `after_s` after its first."""
    lines = [process.stdout.readline()]
    time.sleep(after_s)
    process.send_signal(signal.SIGKILL)
    lines += process.stdout.readlines()
    return [line.split() for line in lines if line.endswith("\n")]


def check(collection, stored, deleted):
    """stored: the last batch that was acknowledged. deleted: those whose deletion was."""
    encoder = ToyEncoder()
    (shared,) = {item.text for item in collection.get([f"shared-{i}" for i in range(10)])}
    assert int(shared) in (stored, stored + 1)  # one more may have been committed but not yet acknowledged
    for n in range(max(0, stored - 5), int(shared) + 1):
        there = [item is not None for item in collection.get([f"{n}-{i}" for i in range(20)])]
        assert all(there[5:])
        assert len(set(there[:5])) == 1
        assert not (there[0] and n in deleted)
    assert len(collection) == collection.count("text") == collection.count("image")
    for channel in ("text", "image"):
        ranking = collection.nearest(channel, encoder.encode_texts([f"batch {shared}"]), len(collection))[0]
        assert {hit.id for hit in ranking} == set(collection.ids(100_000))
    assert collection.picture("shared-0").data == shared.encode() * 5000


@pytest.mark.slow
def test_a_killed_writer_loses_nothing_that_it_acknowledged(tmp_path, encoder):
    Collection.create(tmp_path / "c", encoder).close()
    rng, stored, deleted = random.Random(5), -1, set()
    for _ in range(6):
        with child("support.crash_writer", tmp_path / "c", stored + 1) as process:
            for verb, n in said_before_being_killed(process, rng.uniform(0.0, 0.25)):
                if verb == "stored":
                    stored = int(n)
                else:
                    deleted.add(int(n))
        with Collection.open(tmp_path / "c", encoder) as collection:
            check(collection, stored, deleted)
            stored = int(collection.get(["shared-0"])[0].text)
    assert stored >= 6


def everything(collection):
    ids = collection.ids(100_000)
    store = collection._store
    vectors = {}
    for channel in ("image", "text"):
        with store.snapshot() as snapshot:
            added = snapshot.all(channel)
        owners = store.ids_of(added.items.tolist())
        vectors |= {(channel, owners[item]): row for item, row in zip(added.items.tolist(), added.vectors, strict=True)}
    return {item.id: item for item in collection.get(ids)}, collection.digests(ids), vectors


def check_resumed(folder, make_source, killed_after_s, argument):
    """Kills a build a few times, finishes it, and compares it with one that nobody disturbed."""
    with Collection.create(folder / "calm", ToyEncoder()) as calm:
        undisturbed = build(calm, ToyEncoder(), make_source())
        expected, indexes = everything(calm), calm.manifest.indexes
    for after_s in killed_after_s:
        with child("support.build_child", folder / "killed", argument) as process:
            said_before_being_killed(process, after_s)
    encoder = ToyEncoder()
    with Collection.open(folder / "killed", encoder) as killed:
        already = len(killed)
        report = build(killed, encoder, make_source())
        items, digests, vectors = everything(killed)
        assert killed.manifest.indexes == indexes
    assert 0 < already < undisturbed.indexed
    assert (report.unchanged, report.indexed) == (already, undisturbed.indexed - already)
    assert report.refused == undisturbed.refused
    assert (items, digests) == expected[:2]
    assert vectors.keys() == expected[2].keys()
    for key, row in vectors.items():
        np.testing.assert_allclose(row, expected[2][key], atol=1e-5)
    return undisturbed


@pytest.mark.slow
def test_a_build_that_was_killed_goes_on_and_ends_like_an_undisturbed_one(tmp_path):
    report = check_resumed(tmp_path, lambda: MixedSource(600), (0.15, 0.4), "600")
    assert report.indexed == 545


@pytest.mark.slow
def test_a_thousand_files_good_and_bad_are_indexed_in_one_go_and_after_being_killed(tmp_path):
    expected = make_hostile_folder(tmp_path / "files")
    folder = tmp_path / "files"
    report = check_resumed(tmp_path, lambda: open_source(folder), (0.3, 0.3), folder)
    assert report.indexed + len(report.refused) == 1000
    with Collection.open(tmp_path / "killed") as collection:
        assert set(collection.ids(10_000)) == expected.good
    reasons = {refusal.origin: refusal.reason for refusal in report.refused}
    assert reasons.keys() == expected.bad.keys()
    assert {origin for origin, reason in reasons.items() if expected.bad[origin] not in reason} == set()
