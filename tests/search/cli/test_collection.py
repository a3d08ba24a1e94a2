"""`lychee collection` from the command line to its exit code."""

import json
import sqlite3

import pytest
from support.error_line import one_error_line

import search.assembly
from indexer.collection import Collection
from indexer.encoded import EncodedItem

COMMANDS = ("list", "info", "create", "check", "compact", "backup", "restore", "drop")


@pytest.fixture
def modelless(indexed, monkeypatch) -> None:
    def refuse(*_, **__):
        raise AssertionError("a model was loaded")

    monkeypatch.setattr(search.assembly, "load_encoder", refuse)
    monkeypatch.setattr(search.assembly, "load_reranker", refuse)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_a_help_with_an_example(lychee, command):
    code, out, _ = lychee("collection", command, "--help")
    assert code == 0
    assert "Example: lychee collection" in " ".join(out.split())


def test_list_names_every_collection_and_what_is_wrong_with_it(lychee, modelless, folder):
    broken = folder / "collections" / "broken"
    broken.mkdir()
    (broken / "collection.sqlite").write_bytes(b"this is no database" * 100)
    code, out, _ = lychee("collection", "list")
    assert code == 0
    assert "toys" in out
    assert "toy-16" in out
    assert "damaged" in out
    rows = {row["name"]: row for row in json.loads(lychee("collection", "list", "--json")[1])}
    assert rows["toys"] == {"name": "toys", "items": 5, "encoder": "toy-16"}
    assert rows["broken"]["error"]


def test_list_of_nothing_says_so(lychee):
    assert "no collections yet" in lychee("collection", "list")[1]
    assert json.loads(lychee("collection", "list", "--json")[1]) == []


def test_info_tells_items_encoder_indexes_and_room(lychee, modelless):
    code, out, _ = lychee("collection", "info", "toys")
    assert code == 0
    assert "toys: 5 items" in out
    assert "encoder: toy-16 (16 dimensions)" in out
    assert "text: 3 vectors, Flat, recall@100 1.0000" in out
    told = json.loads(lychee("collection", "info", "toys", "--json")[1])
    assert (told["name"], told["items"], told["indexes"]["image"]["vectors"]) == ("toys", 5, 2)
    assert told["bytes"]["store"] > 0


def test_info_of_a_large_one_tells_how_far_it_is_from_its_index(lychee, indexed, folder, monkeypatch):
    monkeypatch.setenv("LYCHEE_INDEX_EXACT_UP_TO", "300")
    rows = [{"id": f"{n}", "text": f"thing number {n}"} for n in range(400)]
    (folder / "rows.jsonl").write_text("\n".join(map(json.dumps, rows)))
    assert lychee("index", "rows.jsonl", "--collection", "large")[0] == 0
    assert lychee("collection", "compact", "large")[0] == 0
    with Collection.open(folder / "collections" / "large") as collection:
        collection.delete([f"{n}" for n in range(7)])
    told = json.loads(lychee("collection", "info", "large", "--json")[1])
    index = told["indexes"]["text"]
    assert (index["vectors"], index["fresh"], index["dead"]) == (393, 0, 7)
    assert index["recall"] >= 0.99
    assert index["k_factor"] >= 1
    assert told["bytes"]["indexes"] > 0
    assert "0 came and 7 went" in lychee("collection", "info", "large")[1]
    assert lychee("collection", "compact", "large")[0] == 0
    assert json.loads(lychee("collection", "info", "large", "--json")[1])["indexes"]["text"]["dead"] == 0


def test_create_makes_one_for_an_encoder_and_leaves_what_is_there(lychee, indexed):
    code, out, _ = lychee("collection", "create", "small", "--encoder", "toy-8")
    assert code == 0
    assert "small for toy-8 is made" in out
    assert "there already" in lychee("collection", "create", "toys")[1]
    assert json.loads(lychee("collection", "info", "toys", "--json")[1])["items"] == 5
    assert lychee("collection", "create", "toys", "--encoder", "toy-8")[0] == 2
    assert lychee("collection", "create", "../x")[0] == 2


def test_check_says_that_all_is_well(lychee, modelless):
    code, out, _ = lychee("collection", "check", "toys")
    assert code == 0
    assert "toys is in order: 5 items and 5 vectors" in out


def test_check_repairs_and_dry_run_does_not(lychee, modelless, folder):
    with sqlite3.connect(folder / "collections" / "toys" / "collection.sqlite") as connection:
        connection.execute("INSERT INTO words (words) VALUES ('delete-all')")
    connection.close()
    code, out, err = lychee("collection", "check", "toys", "--dry-run")
    assert code == 1
    assert "without --dry-run" in out
    assert "something is still wrong" in one_error_line(err)
    code, out, _ = lychee("collection", "check", "toys", "--json")
    report = json.loads(out)
    assert (code, report["clean"], report["sound"]) == (0, False, True)
    assert [finding["part"] for finding in report["findings"]] == ["words"]
    assert lychee("collection", "check", "toys")[0] == 0


def test_check_of_what_cannot_be_repaired_leaves_with_1_and_says_what_to_do(lychee, modelless, folder):
    with sqlite3.connect(folder / "collections" / "toys" / "collection.sqlite") as connection:
        connection.execute("UPDATE items SET metadata = '{' WHERE id LIKE 'mug%'")
    connection.close()
    code, out, _ = lychee("collection", "check", "toys")
    assert code == 1
    assert "restore the collection from a backup" in out


def test_compact_gives_room_back(lychee, modelless, folder):
    with Collection.open(folder / "collections" / "toys") as collection:
        collection.upsert([EncodedItem(f"{n}", "words " * 5000, None, b"", {}) for n in range(50)])
        collection.delete([f"{n}" for n in range(50)])
    before = (folder / "collections" / "toys" / "collection.sqlite").stat().st_size
    code, out, _ = lychee("collection", "compact", "toys")
    assert code == 0
    assert "MB less than before" in out
    assert (folder / "collections" / "toys" / "collection.sqlite").stat().st_size < before / 2


def test_backup_drop_and_restore_bring_everything_back(lychee, modelless, folder, monkeypatch):
    searched = [hit for hit in lychee("collection", "info", "toys", "--json")[1].splitlines() if "items" in hit]
    assert lychee("collection", "backup", "toys", "toys.backup")[0] == 0
    code, _, err = lychee("collection", "backup", "toys", "toys.backup")
    assert code == 2
    assert "--force" in one_error_line(err)
    assert lychee("collection", "backup", "toys", "toys.backup", "--force")[0] == 0
    code, _, err = lychee("collection", "restore", "toys.backup", "toys")
    assert code == 2
    assert "there is collections/toys already" in one_error_line(err)
    assert lychee("collection", "drop", "toys", "--yes")[0] == 0
    code, out, _ = lychee("collection", "restore", "toys.backup", "toys", "--json")
    assert code == 0
    assert json.loads(out)["items"] == 5
    again = [hit for hit in lychee("collection", "info", "toys", "--json")[1].splitlines() if "items" in hit]
    assert again == searched
    assert lychee("collection", "check", "toys")[0] == 0


def test_what_was_restored_is_searched(lychee, indexed):
    assert lychee("collection", "backup", "toys", "toys.backup")[0] == 0
    assert lychee("collection", "restore", "toys.backup", "again")[0] == 0
    one, other = (json.loads(lychee("search", "red", "--collection", name, "--json")[1]) for name in ("toys", "again"))
    assert [hit["id"] for hit in one["hits"]] == [hit["id"] for hit in other["hits"]] != []


def test_drop_asks_on_a_terminal_and_wants_yes_elsewhere(lychee, modelless, folder, monkeypatch):
    code, _, err = lychee("collection", "drop", "toys")
    assert code == 2
    assert "--yes" in one_error_line(err)
    assert (folder / "collections" / "toys").exists()
    answers = iter(["n", "y"])
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("typer.confirm", lambda question, abort: next(answers) == "y" or _abort())
    assert lychee("collection", "drop", "toys")[0] == 1
    assert (folder / "collections" / "toys").exists()
    assert lychee("collection", "drop", "toys")[0] == 0
    assert not (folder / "collections" / "toys").exists()


def _abort():
    import typer

    raise typer.Abort


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["info", "nothing"], "there is no collection nothing"),
        (["check", "nothing"], "there is no collection nothing"),
        (["compact", "../x"], "no name for a collection"),
        (["backup", "nothing", "file"], "there is no collection nothing"),
        (["backup", "toys", "no/such/folder"], "there is no folder"),
        (["backup", "toys", "collections/toys/inside"], "lies in the collection itself"),
        (["restore", "nothing", "new"], "there is no file nothing"),
        (["restore", "things/mug.txt", "new"], "no backup of a collection"),
        (["restore", "things/mug.txt", "../new"], "no name for a collection"),
        (["drop", "nothing", "--yes"], "there is no collection nothing"),
    ],
)
def test_bad_input_ends_in_one_line_and_2(lychee, modelless, arguments, message):
    code, _, err = lychee("collection", *arguments)
    assert code == 2
    assert message in one_error_line(err)
