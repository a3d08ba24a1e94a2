"""`lychee search` shows of a long text what was found of it."""

import json

FILLER = "Nothing is told here at all. " * 20
TEXT = f"{FILLER}The green bag stands there. {FILLER}"


def test_the_table_shows_the_passage_and_json_names_it(lychee, folder):
    (folder / "long.txt").write_text(TEXT)
    assert lychee("index", "long.txt", "--collection", "texts")[0] == 0
    search = ("search", "green bag", "--collection", "texts")

    code, out, err = lychee(*search)
    assert code == 0, err
    assert "The green bag stands there." in " ".join(out.split())

    (hit,) = json.loads(lychee(*search, "--json")[1])["hits"]
    assert hit["passage"]["source"] == "text"
    assert hit["text"][hit["passage"]["start"] : hit["passage"]["stop"]] == hit["passage"]["text"]
    assert "The green bag stands there." in hit["passage"]["text"]


def test_a_text_of_too_many_passages_is_refused_alone(lychee, folder, monkeypatch):
    monkeypatch.setattr("indexer.passages.MAX_PASSAGES", 3)
    rows = [{"id": "long", "text": TEXT}, {"id": "short", "text": "red"}]
    (folder / "rows.jsonl").write_text("\n".join(json.dumps(row) for row in rows))
    _, out, err = lychee("index", "rows.jsonl", "--collection", "rows")
    assert "store it as several items" in " ".join((out + err).split())
    hits = json.loads(lychee("search", "red", "--collection", "rows", "--json")[1])["hits"]
    assert [hit["id"] for hit in hits] == ["short"]
