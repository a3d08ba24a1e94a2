"""`lychee index` from the command line to its exit code."""

import json

from support.error_line import one_error_line
from support.zips import write_zip


def test_index_tells_what_it_did_and_lists_what_it_refused(lychee):
    code, out, err = lychee("index", "things", "--collection", "toys")

    assert code == 0
    assert "5 indexed, 0 unchanged, 1 refused" in out
    assert "the collection toys has 5 items" in out
    assert "refused broken.jpg" in err

    again = lychee("index", "things", "--collection", "toys")
    assert again[0] == 0
    assert "0 indexed, 5 unchanged, 1 refused" in again[1]


def test_index_as_json_is_json_and_nothing_else(lychee):
    code, out, _ = lychee("index", "things", "--collection", "toys", "--json", "--batch-size", "2", "--workers", "1")

    report = json.loads(out)
    assert code == 0
    assert (report["collection"], report["encoder"], report["items"]) == ("toys", "toy-16", 5)
    assert (report["indexed"], report["unchanged"]) == (5, 0)
    (refused,) = report["refused"]
    assert refused["origin"] == "broken.jpg"
    assert refused["reason"]


def test_index_of_an_archive_names_what_is_bad_in_it_and_leaves_nothing_behind(lychee, folder, monkeypatch):
    temporary = folder / "temporary"
    temporary.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    write_zip(folder / "things.zip", {"a/note.txt": b"red mug", "torn.jpg": b"no picture", "setup.exe": b"MZ"})

    code, out, err = lychee("index", "things.zip", "--collection", "toys")

    assert code == 0
    assert "1 indexed, 0 unchanged, 2 refused" in out
    assert "refused torn.jpg" in err
    assert "refused setup.exe" in err
    assert not list(temporary.glob("lychee-zip-*"))


def test_index_of_nothing_usable_leaves_with_1_and_without_a_collection(lychee, folder):
    (folder / "bad").mkdir()
    (folder / "bad" / "torn.jpg").write_text("this is no picture")

    code, out, err = lychee("index", "bad", "--collection", "bad")

    assert code == 1
    assert "0 indexed, 0 unchanged, 1 refused" in out
    assert "refused torn.jpg" in err
    assert "nothing in bad could be indexed: every file or row was refused; no collection was made" in err
    assert not (folder / "collections" / "bad").exists()


def test_index_of_an_empty_folder_says_so_and_harms_no_collection(lychee, indexed, folder):
    (folder / "empty").mkdir()

    code, _, err = lychee("index", "empty", "--collection", "toys")

    assert code == 1
    assert "nothing in empty could be indexed: it holds no picture, text, PDF or row; the collection stays" in err
    assert lychee("search", "red", "--collection", "toys")[0] == 0


def test_index_refuses_a_collection_of_another_encoder_naming_both(lychee, indexed):
    code, _, err = lychee("index", "things", "--collection", "toys", "--encoder", "toy-8")

    assert code == 2
    assert "toy-16" in one_error_line(err)
    assert "toy-8" in err
    assert lychee("search", "red", "--collection", "toys")[0] == 0


def test_a_collection_keeps_its_encoder_where_none_is_named(lychee):
    assert lychee("index", "things", "--collection", "small", "--encoder", "toy-8")[0] == 0

    assert lychee("index", "things", "--collection", "small")[0] == 0
    assert lychee("search", "red", "--collection", "small")[0] == 0
    code, _, err = lychee("search", "red", "--collection", "small", "--encoder", "toy-16")
    assert (code, "toy-8" in err) == (2, True)
