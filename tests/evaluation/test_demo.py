"""`lychee evaluate demo` end to end on few scenes: the figures are those of the runs it describes."""

import json

import pytest
from support.toy_encoder import ToyEncoder

from content import Content
from demo.catalogue import evaluation_set
from evaluation import demo
from reranker import Judgement
from search.cli.main import run as lychee

DATA = evaluation_set(items=30, queries=6, seed=5)


class KnowingReranker:
    """Says yes to the one document that equals the query's text, and no to all others."""

    name = fingerprint = "knowing"

    def score(self, instruction, query, documents):
        return [Judgement(1.0 if document == query else 0.0, (0.0, 0.0), 1) for document in documents]


def test_tasks_ask_in_both_directions_and_languages_and_know_the_right_item():
    tasks = demo.tasks(DATA)
    assert [(task.name, task.language, task.target) for task in tasks] == [
        ("text -> image", "en", "image"),
        ("text -> image", "zh", "image"),
        ("image -> text", "en", "text"),
        ("image -> text", "zh", "text"),
    ]
    for task in tasks:
        assert len(task.queries) == len(task.qrels) == 6
        assert set(task.qrels.values()) <= {record.id for record in task.records()}
        assert len(list(task.records())) == 30
        kinds = {query.kind for query in task.queries.values()}
        assert kinds == {"text" if task.name.startswith("text") else "image"}


def test_stage_2_is_ordered_by_its_own_scores_and_both_stages_search_the_same_candidates():
    captions = {item.id: item.caption("en", wording=0) for item in DATA.items}
    text_to_text = demo.Task(
        "text -> text",
        "en",
        "text",
        {item_id: Content(text=captions[item_id]) for item_id in list(captions)[:6]},
        {item_id: item_id for item_id in list(captions)[:6]},
        demo.tasks(DATA)[2].records,
    )
    asked = []
    result = demo.run(text_to_text, ToyEncoder(), KnowingReranker(), candidates=30, on_query=lambda: asked.append(1))
    assert len(asked) == result.queries == 6
    assert result.stage2["recall@1"].mean == 1.0
    assert result.stage1["recall@50"].mean == result.stage2["recall@50"].mean == 1.0


@pytest.mark.slow
def test_the_command_prints_both_stages_as_json(capsys):
    assert lychee(["evaluate", "demo", "--items", "40", "--queries", "4", "--candidates", "5", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["run"]["encoder"] == answer["run"]["reranker"] == "demo"
    assert [(each["task"], each["language"]) for each in answer["results"]] == [
        ("text -> image", "en"),
        ("text -> image", "zh"),
        ("image -> text", "en"),
        ("image -> text", "zh"),
    ]
    for each in answer["results"]:
        for stage in ("stage1", "stage2"):
            assert all(0 <= value["low"] <= value["mean"] <= value["high"] <= 1 for value in each[stage].values())


def test_more_queries_than_items_are_refused(capsys):
    assert lychee(["evaluate", "demo", "--items", "10", "--queries", "11"]) == 2
    assert "11 queries need as many items" in capsys.readouterr().err
