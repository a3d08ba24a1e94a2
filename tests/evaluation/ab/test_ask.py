"""Judgements that are kept are not made again, and keep the time that they took."""

import json

from support.toy_reranker import ToyReranker
from support.two_judges import mugs

from content import Content, Unreadable
from evaluation.ab.ask import Once
from evaluation.scores.file import ScoreFile
from search.cli.main import run as lychee


def test_what_was_asked_once_is_not_asked_again_and_costs_what_it_cost_then(tmp_path):
    reranker = ToyReranker()
    documents = [Content("red mug"), Content("blue bag"), Unreadable("gone")]
    with ScoreFile(tmp_path / "scores.sqlite") as scores:
        first, spent = Once(reranker, scores).ask("task", Content("red mug"), documents)
        asked = len(reranker.instructions)
        again, then = Once(reranker, scores).ask("task", Content("red mug"), documents)
    assert [one.score for one in first] == [one.score for one in again] == [1.0, 0.0, 0.0]
    assert spent == then > 0
    assert all(instruction == "task" for instruction in reranker.instructions[:asked])


def test_a_second_comparison_finds_the_scores_of_the_first(judges, write, tmp_path, capsys):
    made = []

    class Counting(ToyReranker):
        def score(self, instruction, query, documents):
            made.extend(document for document in documents if isinstance(document, Content))
            return super().score(instruction, query, documents)

    judges["toy"] = Counting
    data = str(write("new.jsonl", mugs(4)))
    asked = ["ab", "backwards", "toy", "--data", data, "--scores", str(tmp_path / "kept" / "s.sqlite"), "--json"]
    assert lychee(asked) == 0
    first, count = json.loads(capsys.readouterr().out), len(made)
    assert lychee(asked) == 0
    assert json.loads(capsys.readouterr().out) == first  # times, too
    assert len(made) == count == 12
