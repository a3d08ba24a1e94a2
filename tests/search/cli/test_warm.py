"""`lychee index --warm`, with a real if tiny judge: what it says, what it refuses, and what a search has of it."""

import json
from pathlib import Path

import pytest
from PIL import Image
from support.error_line import one_error_line
from support.tiny_checkpoint import write_tiny_checkpoint

import search.assembly
from search.assembly import load_reranker  # before the toys take its place
from search.cli.warm import warn_if_full
from search.settings import Settings
from search.warming import WarmReport

CACHE = ".picture-cache.sqlite"


@pytest.fixture(scope="module")
def judge(tmp_path_factory) -> Path:
    return write_tiny_checkpoint(tmp_path_factory.mktemp("judge") / "tiny")


@pytest.fixture(autouse=True)
def real_judge(judge, folder, monkeypatch):
    """The disk is switched on and the judge is real."""
    monkeypatch.setattr(search.assembly, "load_reranker", load_reranker)
    for name, value in {
        "PICTURE_CACHE_DISK_MB": "50",
        "RERANKER": str(judge),
        "DEVICE": "cpu",
        "DTYPE": "bf16",
    }.items():
        monkeypatch.setenv(f"LYCHEE_{name}", value)


def test_warming_reads_every_picture_once_and_says_what_it_did(lychee, folder):
    code, out, err = lychee("index", "things", "--collection", "toys", "--warm")
    assert code == 0, err
    assert "5 indexed, 0 unchanged, 1 refused" in out
    assert "2 pictures read into the picture cache, 0 there already" in out
    assert "of 50 MB" in out
    assert (folder / "collections" / CACHE).is_file()

    code, out, _ = lychee("index", "things", "--collection", "toys", "--warm")
    assert (code, "0 pictures read into the picture cache, 2 there already" in out) == (0, True)


def test_warming_as_json_is_json_and_nothing_else(lychee):
    code, out, _ = lychee("index", "things", "--collection", "toys", "--warm", "--json")
    warmed = json.loads(out)["warmed"]
    assert code == 0
    assert warmed.pop("disk_bytes") > 0
    assert warmed.pop("seconds") > 0
    assert warmed == {"pictures": 2, "read": 2, "known": 0, "room_for": None}


def test_without_warm_nothing_is_read(lychee, folder):
    _, out, _ = lychee("index", "things", "--collection", "toys", "--json")
    assert "warmed" not in json.loads(out)
    assert not (folder / "collections" / CACHE).exists()


def test_a_search_finds_what_was_warmed_and_scores_the_same(lychee, monkeypatch):
    lychee("index", "things", "--collection", "toys")
    search_pictures = ("search", "red", "--collection", "toys", "--target", "image", "--json")
    monkeypatch.setenv("LYCHEE_PICTURE_CACHE_DISK_MB", "0")
    cold = json.loads(lychee(*search_pictures)[1])["hits"]
    monkeypatch.setenv("LYCHEE_PICTURE_CACHE_DISK_MB", "50")
    lychee("index", "things", "--collection", "toys", "--warm")
    caches = []
    monkeypatch.setattr("search.assembly.make_picture_cache", noting(search.assembly.make_picture_cache, caches))
    warm = json.loads(lychee(*search_pictures)[1])["hits"]
    assert [hit["id"] for hit in warm] == [hit["id"] for hit in cold]
    assert [hit["score"] for hit in warm] == pytest.approx([hit["score"] for hit in cold], abs=1e-6)
    assert (caches[0].counts.disk_hits, caches[0].counts.misses) == (2, 0)


def noting(make, made):
    def make_and_note(*arguments, **options):
        made.append(make(*arguments, **options))
        return made[-1]

    return make_and_note


def test_another_model_finds_nothing_of_it(lychee, tmp_path_factory):
    lychee("index", "things", "--collection", "toys", "--warm")
    other = write_tiny_checkpoint(tmp_path_factory.mktemp("judge") / "other", seed=9)
    _, out, _ = lychee("index", "things", "--collection", "toys", "--warm", "--reranker", str(other))
    assert "2 pictures read into the picture cache, 0 there already" in out
    for number_format in (("--dtype", "fp32"), ("--quantization", "int8")):
        _, out, _ = lychee("index", "things", "--collection", "toys", "--warm", *number_format)
        assert "2 pictures read into the picture cache, 0 there already" in out


def test_a_cache_that_is_too_small_is_told_with_the_size_that_would_do(lychee, folder, monkeypatch):
    (folder / "many").mkdir()
    for number in range(24):
        Image.new("RGB", (560, 560), (number, 0, 0)).save(folder / "many" / f"{number}.png")
    monkeypatch.setenv("LYCHEE_PICTURE_CACHE_DISK_MB", "1")
    code, out, err = lychee("index", "many", "--collection", "toys", "--warm", "--json")
    warmed = json.loads(out)["warmed"]
    assert code == 0
    assert 0 < warmed["room_for"] < 24
    assert f"the picture cache is full with {warmed['room_for']} of 24 pictures; picture_cache_disk_mb = " in err
    needed = err.partition("picture_cache_disk_mb = ")[2].partition(" ")[0]
    monkeypatch.setenv("LYCHEE_PICTURE_CACHE_DISK_MB", needed)
    _, out, _ = lychee("index", "many", "--collection", "toys", "--warm", "--json")
    warmed = json.loads(out)["warmed"]
    assert (warmed["read"] + warmed["known"], warmed["room_for"]) == (24, None)


@pytest.mark.parametrize(
    ("name", "value", "advice"),
    [
        ("LYCHEE_PICTURE_CACHE_DISK_MB", "0", "LYCHEE_PICTURE_CACHE_DISK_MB=4000"),
        ("LYCHEE_RERANKER", "none", "the reranker is none"),
        ("LYCHEE_JUDGE", "rating", "is for the judge yes-no"),
        ("LYCHEE_RERANKER_PASS", "plain", "is for the reranker_pass shared"),
    ],
)
def test_what_cannot_be_warmed_is_refused_before_anything_is_done(lychee, folder, monkeypatch, name, value, advice):
    monkeypatch.setenv(name, value)
    code, out, err = lychee("index", "things", "--collection", "toys", "--warm")
    assert (code, out) == (2, "")
    assert advice in one_error_line(err)
    assert not (folder / "collections").exists()


def test_a_cache_without_room_for_one_picture_names_no_size_that_would_do(capsys):
    report = WarmReport(pictures=1000, read=1, known=0, room_for=0, disk_bytes=0, seconds=1.0)
    warn_if_full(report, Settings(picture_cache_disk_mb=5))
    err = " ".join(capsys.readouterr().err.split())
    assert "no room for a single picture: picture_cache_disk_mb = 5 is too small" in err
    assert "would hold" not in err


def test_where_the_cache_cannot_be_kept_the_index_is_whole_and_the_reason_told(lychee, folder, caplog):
    (folder / "collections").mkdir()
    (folder / "collections" / CACHE).write_text("my diary")
    code, out, err = lychee("index", "things", "--collection", "toys", "--warm")
    assert code == 2
    assert "5 indexed" in out
    assert "nothing is warmed" in one_error_line(err.splitlines()[-1])
    assert "is no picture cache; move it away" in caplog.text
    assert (folder / "collections" / CACHE).read_text() == "my diary"
    assert lychee("search", "red", "--collection", "toys")[0] == 0


def test_where_the_cache_cannot_be_kept_json_still_tells_what_was_indexed(lychee, folder, caplog):
    (folder / "collections").mkdir()
    (folder / "collections" / CACHE).write_text("my diary")
    code, out, err = lychee("index", "things", "--collection", "toys", "--warm", "--json")
    told = json.loads(out)
    assert (code, told["items"], "warmed" in told) == (2, 5, False)
    assert "nothing is warmed" in one_error_line(err.splitlines()[-1])
