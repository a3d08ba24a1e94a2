"""Nearest items against the plain way: the best vector of each item, then a sort."""

import numpy as np
import pytest
from support.numpy_index import NumpyIndex

from indexer.nearest import nearest_items


@pytest.fixture
def rng():
    return np.random.default_rng(11)


@pytest.mark.parametrize("k", [1, 3, 10, 1000])
def test_it_equals_the_plain_way(rng, k):
    # 40 items with 1 to 60 vectors, so that one item alone can fill the first search
    owner = np.array([i for i in range(40) for _ in range(rng.integers(1, 60))])
    vectors, queries = (rng.standard_normal((n, 6)).astype(np.float32) for n in (len(owner), 7))
    vectors[10:70] += 3 * queries[0]  # neighbours of one query crowd together
    index = NumpyIndex(6)
    index.add(np.arange(len(owner)), vectors)
    rankings = nearest_items(index, lambda keys: owner[keys], queries, k)
    for query, ranking in zip(queries, rankings, strict=True):
        best = {}
        for key, product in enumerate(vectors @ query):
            best[owner[key]] = max(product, best.get(owner[key], -np.inf))
        expected = sorted(best.items(), key=lambda pair: -pair[1])[:k]
        assert [found.item for found in ranking] == [item for item, _ in expected]
        np.testing.assert_allclose([found.score for found in ranking], [score for _, score in expected], rtol=1e-5)
        assert all(owner[found.key] == found.item for found in ranking)


def test_keys_without_an_owner_are_passed_over(rng):
    index = NumpyIndex(6)
    vectors = rng.standard_normal((50, 6)).astype(np.float32)
    index.add(np.arange(50), vectors)
    nearest_first = index.search(vectors[:1], 50)[0][0].tolist()
    alive = nearest_first[20:]  # the 20 nearest are gone
    rankings = nearest_items(index, lambda keys: np.where(np.isin(keys, alive), keys, -1), vectors[:1], 5)
    assert [found.item for found in rankings[0]] == alive[:5]
