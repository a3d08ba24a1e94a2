"""What every VectorIndex does; each is compared with a reference of one matrix multiplication."""

import numpy as np
import pytest
from support.numpy_index import NumpyIndex

from indexer.vectors.exact import ExactIndex
from indexer.vectors.live import LiveIndex
from indexer.vectors.quantized import QuantizedIndex

D = 12
DEAD = np.arange(10_000, 10_040)  # keys of the base that are removed before a test begins


class LiveIndexOverBase(LiveIndex):
    """Its first vectors are in the base, what follows is fresh, and the base holds vectors that are gone."""

    def __init__(self, dimension):
        super().__init__(dimension, base_of(DEAD, unit(np.random.default_rng(1), len(DEAD))))
        self.remove(DEAD)

    def add(self, keys, vectors):
        half = len(keys) // 2
        if len(self) or half == 0 or vectors.shape != (len(keys), D) or len(np.unique(keys)) < len(keys):
            super().add(keys, vectors)
            return
        based, gone = np.argsort(keys[:half]), unit(np.random.default_rng(1), len(DEAD))
        super().__init__(D, base_of(np.append(keys[:half][based], DEAD), np.vstack([vectors[:half][based], gone])))
        self.remove(DEAD)
        super().add(keys[half:], vectors[half:])


@pytest.fixture(params=[ExactIndex, LiveIndex, LiveIndexOverBase, NumpyIndex], ids=lambda kind: kind.__name__)
def kind(request):
    return request.param


@pytest.fixture
def rng():
    return np.random.default_rng(7)


def unit(rng, n):
    rows = rng.standard_normal((n, D)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def base_of(keys, vectors):
    return QuantizedIndex.build(keys, lambda some: vectors[np.searchsorted(keys, some)], D)


def filled(kind, keys, vectors):
    index = kind(D)
    index.add(keys, vectors)
    return index


def test_an_empty_index_answers_with_nothing(kind, rng):
    keys, scores = kind(D).search(unit(rng, 2), 3)
    assert len(kind(D)) == 0
    assert keys.tolist() == [[-1] * 3] * 2
    assert np.isneginf(scores).all()


def test_search_equals_sorting_all_inner_products(kind, rng):
    keys, vectors, queries = rng.permutation(500)[:300].astype(np.int64), unit(rng, 300), unit(rng, 5)
    found, scores = filled(kind, keys, vectors).search(queries, 10)
    products = queries @ vectors.T
    order = np.argsort(-products, axis=1)[:, :10]
    assert found.dtype == np.int64
    assert scores.dtype == np.float32
    assert found.tolist() == keys[order].tolist()
    np.testing.assert_allclose(scores, np.take_along_axis(products, order, axis=1), atol=1e-6)


def test_missing_places_hold_key_minus_one_and_score_minus_infinity(kind, rng):
    keys, scores = filled(kind, np.array([4, 9]), unit(rng, 2)).search(unit(rng, 1), 4)
    assert set(keys[0, :2].tolist()) == {4, 9}
    assert keys[0, 2:].tolist() == [-1, -1]
    assert np.isneginf(scores[0, 2:]).all()


def test_no_queries_give_no_rows(kind, rng):
    keys, scores = filled(kind, np.array([4, 9]), unit(rng, 2)).search(np.empty((0, D), np.float32), 3)
    assert keys.shape == scores.shape == (0, 3)


def test_only_allowed_keys_are_found(kind, rng):
    vectors, queries = unit(rng, 100), unit(rng, 3)
    index = filled(kind, np.arange(100), vectors)
    allowed = np.array([3, 50, 77, 5000])
    keys, scores = index.search(queries, 5, allowed=allowed)
    order = np.argsort(-(queries @ vectors[allowed[:3]].T), axis=1)
    assert keys[:, :3].tolist() == allowed[order].tolist()
    assert (keys[:, 3:] == -1).all()
    assert np.isneginf(scores[:, 3:]).all()
    assert (index.search(queries, 5, allowed=np.empty(0, np.int64))[0] == -1).all()


def test_most_of_the_allowed_keys_may_be_elsewhere(kind, rng):
    vectors, queries = unit(rng, 100), unit(rng, 2)
    index = filled(kind, np.arange(200, 500, 3), vectors)
    allowed = np.arange(-10, 50_000, 2)
    keys, scores = index.search(queries, 60, allowed=allowed)
    even = np.arange(0, 100, 2)  # rows whose key is even
    order = np.argsort(-(queries @ vectors[even].T), axis=1)
    assert keys[:, :50].tolist() == (200 + 3 * even)[order].tolist()
    assert (keys[:, 50:] == -1).all()
    assert np.isneginf(scores[:, 50:]).all()


def test_removed_keys_are_not_allowed_back(kind, rng):
    vectors = unit(rng, 20)
    index = filled(kind, np.arange(20), vectors)
    index.remove(np.array([3, 15]))
    keys, _ = index.search(vectors[[3, 15]], 4, allowed=np.array([1, 3, 15, 17]))
    assert np.sort(keys, axis=1).tolist() == [[-1, -1, 1, 17]] * 2


def test_removed_keys_are_not_found_and_unknown_ones_are_passed_over(kind, rng):
    vectors = unit(rng, 20)
    index = filled(kind, np.arange(20), vectors)
    index.remove(np.array([0, 7, 7, 999]))
    assert len(index) == 18
    assert sorted(index.keys().tolist()) == [key for key in range(20) if key not in (0, 7)]
    assert not np.isin(index.search(vectors[[0, 7]], 18)[0], [0, 7]).any()


def test_a_removed_key_can_come_back_with_another_vector(kind, rng):
    vectors, other = unit(rng, 5), unit(rng, 1)
    index = filled(kind, np.arange(5), vectors)
    index.remove(np.array([2]))
    index.add(np.array([2]), other)
    keys, scores = index.search(other, 1)
    assert keys[0, 0] == 2
    assert scores[0, 0] == pytest.approx(1.0, abs=1e-6)


@pytest.mark.parametrize("keys", [[1, 1], [5, 2]], ids=["twice in a call", "in the index"])
def test_a_key_is_not_taken_twice(kind, rng, keys):
    index = filled(kind, np.array([2, 3]), unit(rng, 2))
    with pytest.raises(ValueError):
        index.add(np.array(keys), unit(rng, 2))
    assert sorted(index.keys().tolist()) == [2, 3]


def test_vectors_of_another_shape_are_refused(kind, rng):
    with pytest.raises(ValueError):
        kind(D).add(np.array([1]), np.zeros((1, D + 1), np.float32))
    with pytest.raises(ValueError):
        kind(D).add(np.array([1, 2]), np.zeros((1, D), np.float32))


def test_arguments_are_left_as_they_are(kind, rng):
    keys, vectors = np.arange(6), unit(rng, 6)
    copies = keys.copy(), vectors.copy()
    index = filled(kind, keys, vectors)
    index.search(vectors, 2)
    vectors[:] = 0  # what the index holds is its own
    assert (keys == copies[0]).all()
    assert index.search(copies[1], 1)[0].ravel().tolist() == keys.tolist()
