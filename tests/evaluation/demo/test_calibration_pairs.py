"""Half of the calibration pairs match, and the others are near and far by turns."""

import pytest
from support.knowing_reranker import FailingReranker, KnowingReranker
from support.toy_encoder import ToyEncoder

from content.errors import ModelError
from demo.catalogue import evaluation_set
from evaluation.demo.calibration_pairs import non_match, verdicts
from evaluation.demo.collections import Collections
from evaluation.demo.pairs import Pair, Task
from evaluation.demo.sides import document_text

DATA = evaluation_set(items=30, queries=6, seed=5)


def judged(task, reranker):
    told = []
    with Collections(DATA.items, ToyEncoder(), reranker) as collections:
        return verdicts(task, DATA, collections, lambda: told.append(1)), len(told)


def test_each_query_has_its_match_and_one_other():
    found, told = judged(Task(Pair("T", "T"), "en"), KnowingReranker(DATA.items))
    assert [one.match for one in found] == [True, False] * 6
    assert [one.score for one in found] == [1.0, 0.0] * 6
    assert told == 6


def test_others_are_of_the_family_or_of_another():
    near, far = (non_match(DATA.items, DATA.items[0], near=near) for near in (True, False))
    assert near.family == DATA.items[0].family != far.family
    assert near.id != DATA.items[0].id


def test_a_judge_that_fails_ends_the_run():
    last = DATA.items[DATA.queries[-1]]
    failing = FailingReranker(DATA.items, broken=document_text(last, "en"))
    with pytest.raises(ModelError, match=rf"stage 2 failed on {last.id} \(I->T en\): its picture is broken"):
        judged(Task(Pair("I", "T"), "en"), failing)
