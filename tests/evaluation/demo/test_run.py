"""Both stages on few scenes, in the path of a user's query: what comes out is what the judge said."""

import pytest
from support.knowing_reranker import FailingReranker, KnowingReranker
from support.toy_encoder import ToyEncoder

from content.errors import ModelError
from demo.catalogue import evaluation_set
from demo.catalogue.split import has_held_out
from evaluation.demo.pairs import PAIRS, Pair, Task, tasks
from evaluation.demo.plan import Plan
from evaluation.demo.run import Watcher, evaluate, foreign_texts, steps
from evaluation.demo.sides import document_text
from reranker import Judgement

DATA = evaluation_set(items=30, queries=6, seed=5)
TEXT_TO_TEXT = Task(Pair("T", "T"), "en")


class UndecidedReranker(KnowingReranker):
    def score(self, instruction, query, documents):
        return [Judgement(0.75, (0.0, 0.0), 1) for _ in documents]


def evaluated(todo, reranker, plan, seen=None):
    watcher = Watcher(on_task=lambda _: None, on_step=lambda: seen.append(1) if seen is not None else None)
    return list(evaluate(todo, DATA, ToyEncoder(), reranker, plan, watcher))


def test_a_judge_that_knows_puts_every_right_item_first_and_stays_silent_on_what_nothing_answers():
    (result,) = evaluated([TEXT_TO_TEXT], KnowingReranker(DATA.items), Plan(30, 30))
    assert [one.query for one in result.outcomes] == [DATA.items[index].id for index in DATA.queries]
    assert all(one.ranks2 == {10: 1, 20: 1, 30: 1} or one.rank1 > 10 for one in result.outcomes)
    assert all(one.ranks2[30] == 1 and one.score == 1.0 and one.other == 0.0 for one in result.outcomes)
    assert all(rival.beaten2 for one in result.outcomes for rival in one.rivals)
    assert {one.highest for one in result.foreign} == {0.0}


def test_rivals_are_the_family_and_say_whether_they_show_a_held_out_pair():
    (result,) = evaluated([TEXT_TO_TEXT], KnowingReranker(DATA.items), Plan(30, 30))
    for one, index in zip(result.outcomes, DATA.queries, strict=True):
        family = [item for item in DATA.items if item.family == DATA.items[index].id and item.kind != "original"]
        assert {rival.kind: rival.held_out for rival in one.rivals} == {
            item.kind: has_held_out(item.scene, "test") for item in family
        }
    assert {rival.held_out for one in result.outcomes for rival in one.rivals} == {True, False}


def test_a_judge_that_cannot_decide_gets_no_help_from_stage_1():
    (result,) = evaluated([TEXT_TO_TEXT], UndecidedReranker(DATA.items), Plan(30, 30))
    assert all(one.ranks2[30] == 30 for one in result.outcomes)
    assert all(one.highest == 0.75 for one in result.foreign)


@pytest.mark.parametrize("pair", [Pair("T", "T"), Pair("I", "T")])
def test_a_judge_that_fails_on_a_document_ends_the_run_instead_of_counting_as_silent(pair):
    failing = FailingReranker(DATA.items, broken=document_text(DATA.items[0], "en"))
    with pytest.raises(ModelError, match=rf"stage 2 failed on {DATA.items[0].id} \({pair.name} en\): its picture"):
        evaluated([Task(pair, "en")], failing, Plan(30, 30))


def test_every_row_runs_and_tells_the_watcher_of_each_of_its_steps():
    seen = []
    todo = tasks(PAIRS, ("en",))
    results = evaluated(todo, KnowingReranker(DATA.items), Plan(3, 2), seen)
    assert [result.task for result in results] == todo
    assert len(seen) == sum(steps(task, 6) for task in todo)
    assert {result.task.name for result in results if result.verdicts} == {"T->I en", "I->T en"}
    assert {result.task.name for result in results if result.foreign} == {"T->I en", "T->T en"}


def test_foreign_queries_are_asked_in_the_row_of_their_language():
    assert foreign_texts(Task(Pair("T", "I"), "zh")) != foreign_texts(Task(Pair("T", "I"), "en")) != ()
    assert foreign_texts(Task(Pair("I", "T"), "en")) == foreign_texts(Task(Pair("I", "I"), None)) == ()
