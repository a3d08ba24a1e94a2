"""`lychee rerank` from the command line to its exit code."""

import json


def test_rerank_orders_texts_and_pictures(lychee):
    code, out, _ = lychee("rerank", "red", "blue bag", "red", "--document-image", "things/red.png", "--json")

    results = json.loads(out)["results"]
    assert code == 0
    assert [(each["rank"], each["index"], each["score"]) for each in results] == [(1, 1, 0.9), (2, 2, 0.4), (3, 0, 0.1)]
    assert results[0]["text"] == "red"
    assert results[1]["image"].endswith("things/red.png")


def test_rerank_shows_a_table_or_markdown(lychee):
    _, table, _ = lychee("rerank", "red", "blue bag", "red")
    assert [line.split() for line in table.splitlines()][1] == ["1", "0.9000", "1", "red"]

    _, markdown, _ = lychee("rerank", "red", "blue | bag", "red", "--markdown", "--top-k", "2")
    assert markdown.splitlines() == [
        "| Rank | Score | Index | Document |",
        "| ---: | ---: | ---: | :--- |",
        "| 1 | 0.9000 | 1 | red |",
        "| 2 | 0.5000 | 0 | blue \\| bag |",
    ]


def test_rerank_reads_jsonl_and_a_bad_line_fails_alone(lychee, folder):
    lines = [
        '{"text": "red mug"}',
        '"red"',
        "",
        '{"image": "things/blue.png"}',
        '{"text": "red", "image": "things/missing.png"}',
        '{"image": "../outside.png"}',
        '{"image": "data:text/plain,hello"}',
        '{"txt": "red"}',
        '{"text": 5}',
        "{no json",
        "[" * 100_000,
        '{"text": "half \\ud800"}',
        "{}",
    ]
    (folder / "documents.jsonl").write_text("\n".join(lines))

    code, out, _ = lychee("rerank", "red", "--input", "documents.jsonl", "--json")

    results = json.loads(out)["results"]
    assert code == 0
    assert [(each["index"], each["score"]) for each in results[:3]] == [(1, 0.9), (2, 0.4), (0, 0.2)]
    errors = {each["index"]: each["error"] for each in results[3:]}
    assert len(errors) == 9, errors
    assert all(errors.values())
    assert "line 8" in errors[6]
    assert "line 10" in errors[8]


def test_rerank_of_nothing_readable_leaves_with_1(lychee):
    code, out, _ = lychee("rerank", "red", "--document-image", "missing.png", "--json")
    assert code == 1
    assert "there is no file" in json.loads(out)["results"][0]["error"]
