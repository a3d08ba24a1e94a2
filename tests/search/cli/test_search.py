"""`lychee search` from the command line to its exit code."""

import json
import sqlite3
from contextlib import closing

from support.error_line import one_error_line


def test_search_shows_both_ranks_score_id_and_channel(lychee, indexed):
    code, out, _ = lychee("search", "red", "--collection", "toys", "--target", "text")

    rows = [line.split() for line in out.splitlines()]
    assert code == 0
    assert rows[0][:5] == ["#", "#", "stage", "1", "score"]
    assert rows[1][:4] == ["1", "1", "0.9000", "word.txt"]
    assert rows[2][:4] == ["2", "2", "0.2000", "mug.txt"]
    assert "text → text 1" in out


def test_search_as_json_has_every_field_of_the_answer(lychee, indexed):
    code, out, _ = lychee("search", "red", "--collection", "toys", "--json", "--top-k", "2")

    answer = json.loads(out)
    assert (code, answer["reranked"], answer["model"]) == (0, True, "table")
    assert [(hit["id"], hit["score"]) for hit in answer["hits"]] == [("word.txt", 0.9), ("red.png", 0.4)]
    assert answer["hits"][1]["retrieval"]["channels"][0]["channel"] == "image"
    assert set(answer["timings_ms"]) == {"encode", "recall", "rerank", "total"}


def test_search_shows_scores_as_asked_for_and_says_how(lychee, indexed):
    options = ("search", "red", "--collection", "toys", "--target", "text", "--scale", "10", "--normalize", "minmax")
    _, table, _ = lychee(*options)
    assert table.splitlines()[0].split()[4:7] == ["10", "x", "min-max"]
    assert table.splitlines()[1].split()[:3] == ["1", "1", "10.0000"]

    answer = json.loads(lychee(*options, "--json")[1])
    assert (answer["scale"], answer["normalize"], answer["margin"]) == (10, "minmax", 0.7)
    assert [hit["score"] for hit in answer["hits"]] == [10.0, 1.25, 0.0]


def test_search_refuses_what_is_for_stage_2_where_it_is_left_out(lychee, indexed):
    for options in (("--scale", "10"), ("--normalize", "minmax")):
        code, out, err = lychee("search", "red", "--collection", "toys", "--no-rerank", *options)
        assert (code, out) == (2, "")
        assert "stage 2 is switched off" in one_error_line(err)


def test_search_fails_where_an_item_cannot_be_judged_and_that_is_asked_for(lychee, indexed, folder):
    options = ("search", "red", "--collection", "toys", "--target", "image", "--raise-on-error")
    assert lychee(*options)[0] == 0
    with closing(sqlite3.connect(next((folder / "collections").rglob("collection.sqlite")))) as database, database:
        database.execute("UPDATE pictures SET data = x'00'")

    code, out, err = lychee(*options)

    assert (code, out) == (2, "")
    assert ".png was not judged: " in one_error_line(err)


def test_search_with_a_picture(lychee, indexed):
    _, out, _ = lychee(
        "search", "--image", "things/blue.png", "--collection", "toys", "--target", "image", "--no-rerank", "--json"
    )
    assert json.loads(out)["hits"][0]["id"] == "blue.png"


def test_search_takes_candidates_from_the_settings(lychee, indexed, folder):
    (folder / "lychee.toml").write_text('candidates = 2\ncollection = "toys"')
    assert len(json.loads(lychee("search", "red", "--json")[1])["hits"]) == 2
    assert len(json.loads(lychee("search", "red", "--json", "--candidates", "1")[1])["hits"]) == 1


def test_search_steers_no_terminal(lychee, folder):
    (folder / "things" / "evil.txt").write_text("red \x1b[31m[bold]mug[/bold]")
    lychee("index", "things", "--collection", "toys")

    _, out, _ = lychee("search", "red", "--collection", "toys", "--target", "text")

    assert "\x1b" not in out
    assert "[bold]mug[/bold]" in out
