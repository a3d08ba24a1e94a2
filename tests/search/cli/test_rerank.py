"""`lychee rerank` from the command line to its exit code."""

import json

import pytest
from support.error_line import one_error_line


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


def test_rerank_shows_scores_as_asked_for_and_says_how(lychee):
    options = ("rerank", "red", "blue bag", "red", "red mug", "--scale", "10", "--normalize", "minmax")
    answer = json.loads(lychee(*options, "--json", "--top-k", "2")[1])
    assert (answer["scale"], answer["normalize"], answer["margin"]) == (10, "minmax", 0.7)
    assert [(each["index"], each["score"]) for each in answer["results"]] == [(1, 10.0), (2, 1.25)]

    assert lychee(*options)[1].splitlines()[0].split() == ["#", "10", "x", "min-max", "#", "input", "document"]
    assert lychee(*options, "--markdown")[1].startswith("| Rank | Score (10 x min-max) | Index | Document |\n")
    assert lychee(*options[:5], "--scale", "10", "--markdown")[1].startswith("| Rank | 10 x score | Index |")
    assert lychee(*options[:5], "--scale", "10")[1].splitlines()[0].split()[1:4] == ["10", "x", "score"]


def test_rerank_fails_where_a_document_cannot_be_judged_and_that_is_asked_for(lychee):
    documents = ("rerank", "red", "red", "--document-image", "missing.png")
    assert lychee(*documents)[0] == 0

    code, out, err = lychee(*documents, "--raise-on-error")

    assert (code, out) == (2, "")
    assert "documents[1] was not judged: there is no file" in one_error_line(err)


@pytest.mark.parametrize("option", [("--scale", "5"), ("--scale", "ten"), ("--normalize", "softmax")])
def test_rerank_refuses_another_display(lychee, option):
    code, out, err = lychee("rerank", "red", "red", *option)
    assert (code, out) == (2, "")
    assert option[0] in err


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
