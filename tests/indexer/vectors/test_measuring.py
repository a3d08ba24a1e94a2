"""A measured recall is what sorting all inner products says, without the queries themselves, and equals are equal."""

import numpy as np
import pytest
from support.clustered_vectors import clustered_vectors

from indexer.vectors.measuring import Examination, Recall

VECTORS = clustered_vectors(1_500)
KEYS = np.arange(1_500) * 3
QUERIES = np.array([5, 700, 1_499])


def read(keys):
    return VECTORS[keys // 3]


def examined(vectors=VECTORS, chunk=400):
    examination = Examination(KEYS[QUERIES], vectors[QUERIES])
    for start in range(0, len(KEYS), chunk):
        examination.pass_by(KEYS[start : start + chunk], vectors[start : start + chunk])
    return examination


def plain(vectors):
    def search(queries, k):
        products = queries @ vectors.T
        order = np.argsort(-products, axis=1)[:, :k]
        return KEYS[order], np.take_along_axis(products, order, axis=1)

    return search


@pytest.mark.parametrize("chunk", [40, 400, 5_000])
def test_the_exact_result_has_recall_one(chunk):
    assert examined(chunk=chunk).recall(plain(VECTORS), read) == Recall(1.0, 0.0)


def test_it_is_the_share_of_the_exact_hundred():
    def without_first_ten(queries, k):
        keys, scores = plain(VECTORS)(queries, k + 10)
        return keys[:, 11:], scores[:, 11:]  # the query itself comes first

    assert examined().recall(without_first_ten, read).mean == pytest.approx(0.9)


def test_a_query_that_finds_itself_gains_nothing():
    def itself_only(queries, k):
        keys = np.full((len(queries), k), -1, np.int64)
        keys[:, 0] = KEYS[QUERIES]
        return keys, np.zeros((len(queries), k), np.float32)

    assert examined().recall(itself_only, read) == Recall(0.0, 0.0)


def test_of_equal_vectors_any_is_as_good():
    same = np.repeat(VECTORS[:3], 500, axis=0)

    def last_of_them(queries, k):
        products = queries @ same.T
        order = np.lexsort((-np.arange(1_500), -products.round(4)[0]))[:k]
        return np.tile(KEYS[order], (len(queries), 1)), np.zeros((len(queries), k), np.float32)

    examination = Examination(KEYS[[0]], same[[0]])
    examination.pass_by(KEYS, same)
    assert examination.recall(last_of_them, lambda keys: same[keys // 3]).mean == 1.0


def test_a_recall_reaches_a_target_with_room_for_chance():
    assert Recall(0.993, 0.0005).reaches(0.99)
    assert not Recall(0.993, 0.002).reaches(0.99)
    assert Recall(1.0, 0.0).reaches(1.0)
