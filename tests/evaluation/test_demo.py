"""`lychee evaluate demo` end to end on few scenes: the figures are those of the runs it describes."""

import json
from dataclasses import replace

import pytest
from support.toy_encoder import ToyEncoder

from content.errors import ModelError
from demo.catalogue import evaluation_set
from evaluation.balance import non_match, verdicts
from evaluation.demo import Watcher, evaluate, foreign_queries, steps
from evaluation.pairs import PAIRS, Pair, Task, tasks
from evaluation.plan import Plan
from evaluation.shelves import Shelves, stored_id
from evaluation.sides import document_text, query_text
from reranker import Judgement
from search.cli.main import run as lychee

DATA = evaluation_set(items=30, queries=6, seed=5)
TEXT_TO_TEXT = Task(Pair("T", "T"), "en")


class KnowingReranker:
    """Says yes to the document of the item that the query's words tell, no to all others. Counts its pairs."""

    name = fingerprint = "knowing"

    def __init__(self, data=DATA):
        self.answers = {query_text(item, "en"): document_text(item, "en") for item in data.items}
        self.judged = 0

    def score(self, instruction, query, documents):
        self.judged += len(documents)
        right = self.answers.get(query.text)
        return [Judgement(1.0 if right and one.text == right else 0.0, (0.0, 0.0), 1) for one in documents]


class UndecidedReranker(KnowingReranker):
    def score(self, instruction, query, documents):
        return [Judgement(0.75, (0.0, 0.0), 1) for _ in documents]


def evaluated(todo, reranker, plan, seen=None):
    watcher = Watcher(on_task=lambda _: None, on_step=lambda: seen.append(1) if seen is not None else None)
    return list(evaluate(todo, DATA, ToyEncoder(), reranker, plan, watcher))


def test_a_judge_that_knows_puts_every_right_item_first_and_stays_silent_on_what_nothing_answers():
    (result,) = evaluated([TEXT_TO_TEXT], KnowingReranker(), Plan(30, 30))
    assert [one.query for one in result.outcomes] == [DATA.items[index].id for index in DATA.queries]
    assert all(one.ranks2 == {10: 1, 20: 1, 30: 1} or one.rank1 > 10 for one in result.outcomes)
    assert all(one.ranks2[30] == 1 and one.score == 1.0 and one.other == 0.0 for one in result.outcomes)
    assert all(rival.beaten2 for one in result.outcomes for rival in one.rivals)
    assert sum(len(one.rivals) for one in result.outcomes) == sum(
        item.family == DATA.items[index].id and item.kind != "original" for index in DATA.queries for item in DATA.items
    )
    assert {one.highest for one in result.foreign} == {0.0}


def test_a_judge_that_cannot_decide_gets_no_help_from_stage_1():
    (result,) = evaluated([TEXT_TO_TEXT], UndecidedReranker(), Plan(30, 30))
    assert all(one.ranks2[30] == 30 for one in result.outcomes)
    assert all(one.highest == 0.75 for one in result.foreign)


def test_every_row_runs_and_tells_the_watcher_of_each_of_its_steps():
    seen = []
    todo = tasks(PAIRS, ("en",))
    results = evaluated(todo, KnowingReranker(), Plan(3, 2), seen)
    assert [result.task for result in results] == todo
    assert len(seen) == sum(steps(task, 6) for task in todo)
    assert {result.task.name for result in results if result.verdicts} == {"T->I en", "I->T en"}
    assert {result.task.name for result in results if result.foreign} == {"T->I en", "T->T en"}


def test_calibration_pairs_are_one_match_and_one_other_for_each_query():
    (result,) = evaluated([Task(Pair("I", "T"), "en")], KnowingReranker(), Plan(3, 3))
    assert [one.match for one in result.verdicts] == [True, False] * 6
    near, far = (non_match(DATA.items, DATA.items[0], near=near) for near in (True, False))
    assert near.family == DATA.items[0].family != far.family
    assert near.id != DATA.items[0].id


def test_rows_that_search_the_same_documents_share_a_collection():
    encoder = ToyEncoder()
    with Shelves(DATA.items, encoder, KnowingReranker()) as shelves:
        first = shelves.engine(Task(Pair("T", "I"), "en"))
        assert shelves.engine(Task(Pair("T", "I"), "zh")) is shelves.engine(Task(Pair("I", "I"), None)) is first
        assert encoder.images_encoded == 30
        english, chinese = (shelves.engine(Task(Pair("I", "T"), language)) for language in ("en", "zh"))
        assert english is not chinese


def test_stored_ids_say_nothing_of_the_family_and_lead_back_to_the_item():
    ids = [item.id for item in DATA.items]
    assert sorted(ids, key=stored_id) != ids
    assert sorted(ids, key=stored_id) != ids[::-1]
    with Shelves(DATA.items, ToyEncoder(), KnowingReranker()) as shelves:
        assert [shelves.item_id(stored_id(one)) for one in ids] == ids


def test_foreign_queries_are_asked_in_the_row_of_their_language():
    assert foreign_queries(Task(Pair("T", "I"), "zh")) != foreign_queries(Task(Pair("T", "I"), "en")) != ()
    assert foreign_queries(Task(Pair("I", "T"), "en")) == foreign_queries(Task(Pair("I", "I"), None)) == ()


class FailingReranker(KnowingReranker):
    """Fails on one document; to all others it says a clear no."""

    def score(self, instruction, query, documents):
        judged = super().score(instruction, query, documents)
        broken = document_text(DATA.items[0], "en")
        return [
            replace(one, score=0.0, error="its picture is broken") if document.text == broken else one
            for document, one in zip(documents, judged, strict=True)
        ]


@pytest.mark.parametrize("pair", [Pair("T", "T"), Pair("I", "T")])
def test_a_judge_that_fails_on_a_document_ends_the_run_instead_of_counting_as_silent(pair):
    with pytest.raises(ModelError, match=rf"stage 2 failed on {DATA.items[0].id} \({pair.name} en\): its picture"):
        evaluated([Task(pair, "en")], FailingReranker(), Plan(30, 30))


def test_a_judge_that_fails_on_a_calibration_pair_ends_the_run_too():
    with (
        Shelves(DATA.items, ToyEncoder(), FailingReranker()) as shelves,
        pytest.raises(ModelError, match="its picture is broken"),
    ):
        verdicts(Task(Pair("I", "T"), "en"), DATA, shelves, lambda: None)


@pytest.mark.slow
def test_the_command_prints_tables_or_the_same_rows_as_json(capsys):
    small = ["evaluate", "demo", "--items", "24", "--queries", "2", "--candidates", "4", "--depth", "3"]
    some = [*small, "--pair", "T->I", "--pair", "IT->IT", "--language", "mixed"]
    assert lychee([*some, "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["run"]["encoder"] == answer["run"]["reranker"] == "demo"
    assert answer["conditions"]["options"]["rows"] == ["T->I mixed", "IT->IT mixed"]
    assert answer["conditions"]["seconds"] > 0
    assert [(row["pair"], row["language"], len(row["outcomes"])) for row in answer["results"]] == [
        ("T->I", "mixed", 2),
        ("IT->IT", "mixed", 2),
    ]
    for row in answer["results"]:
        for stage in ("stage1", "stage2"):
            assert all(0 <= one["low"] <= one["mean"] <= one["high"] <= 1 for one in row["figures"][stage].values())
    assert lychee(some) == 0
    shown = capsys.readouterr().out
    assert "Order of the first 3 candidates" in shown
    assert "IT->IT" in shown


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--items", "10", "--queries", "11"], "11 queries need as many items"),
        (["--candidates", "20"], "a depth of 50 needs as many candidates"),
        (["--pair", "T-"], "'T-' is no pair"),
        (["--language", "fr"], "'fr' is no language here"),
        (["--reranker", "none"], "stage 2 is switched off"),
    ],
)
def test_nonsense_is_refused_before_any_work(capsys, arguments, said):
    assert lychee(["evaluate", "demo", *arguments]) == 2
    assert said in capsys.readouterr().err
