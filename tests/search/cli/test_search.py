"""`lychee search` from the command line to its exit code."""

import json


def test_search_shows_both_ranks_score_id_and_channel(lychee, indexed):
    code, out, _ = lychee("search", "red", "--collection", "toys", "--target", "text")

    rows = [line.split() for line in out.splitlines()]
    assert code == 0
    assert rows[0][:5] == ["#", "#", "stage", "1", "P(yes)"]
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
