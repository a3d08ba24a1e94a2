"""A quantised index finds what it says it finds, on good data and on hostile data, filtered or not."""

import numpy as np
import pytest
from support.clustered_vectors import clustered_vectors

from content.errors import CollectionError
from indexer.vectors.quantized import QuantizedIndex

D = 32
N = 10_000
ALL = clustered_vectors(N + 300)
VECTORS = ALL[:N]
KEYS = np.sort(np.random.default_rng(1).permutation(5 * N)[:N])


def index_over(vectors, **options):
    keys = KEYS[: len(vectors)]
    return QuantizedIndex.build(keys, lambda some: vectors[np.searchsorted(keys, some)], vectors.shape[1], **options)


@pytest.fixture(scope="module")
def index():
    return index_over(VECTORS)


@pytest.fixture
def queries():
    return ALL[N:]


def exact(vectors, keys, queries, k):
    return keys[np.argsort(-(queries @ vectors.T), axis=1)[:, :k]]


def recall(found, wanted):
    return np.mean([np.isin(one, other).mean() for one, other in zip(wanted, found, strict=True)])


def close_to_each_other(spread):
    """Forty times 150 vectors that differ by `spread`: which hundred are nearest is a matter of its square."""
    rng = np.random.default_rng(3)
    centres = rng.standard_normal((40, D))
    centres /= np.linalg.norm(centres, axis=1, keepdims=True)
    rows = np.repeat(centres, 150, axis=0) + rng.standard_normal((6_000, D)) * spread / np.sqrt(D)
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def test_it_reaches_its_target_and_says_with_what(index):
    assert index.kind == "PQ8x4fs,Refine(SQ8+16)"
    assert 0.99 < index.recall <= 1.0
    assert index.k_factor >= 1
    assert len(index) == N
    assert index.dimension == D
    assert index.keys().tolist() == KEYS.tolist()


@pytest.mark.parametrize("target", [0.9, 0.99])
def test_the_recall_it_states_is_that_of_new_queries(target):
    both, keys = clustered_vectors(20_300), np.arange(20_000)
    vectors, queries = both[:20_000], both[20_000:]
    index = QuantizedIndex.build(keys, lambda some: vectors[some], D, target=target)
    found, _ = index.search(queries, 100)
    measured = recall(found, exact(vectors, keys, queries, 100))
    assert measured >= target
    assert measured == pytest.approx(index.recall, abs=0.02 if target < 0.99 else 0.005)


def test_a_lower_target_looks_at_fewer_vectors(index):
    assert index_over(VECTORS, target=0.8).k_factor < index.k_factor


def test_few_wanted_are_found_as_well_as_many(index, queries):
    assert recall(index.search(queries, 10)[0], exact(VECTORS, KEYS, queries, 10)) >= 0.99
    assert recall(index.search(queries, 2_000)[0], exact(VECTORS, KEYS, queries, 2_000)) >= 0.99


def test_scores_are_nearly_the_inner_products_and_descend(index, queries):
    keys, scores = index.search(queries, 20)
    products = np.einsum("qd,qkd->qk", queries, VECTORS[np.searchsorted(KEYS, keys)])
    np.testing.assert_allclose(scores, products, atol=0.01)
    assert (np.diff(scores, axis=1) <= 0).all()


@pytest.mark.parametrize("share", [1.0, 0.5, 0.05, 0.005])
def test_a_filter_costs_no_recall(index, queries, share):
    inside = np.random.default_rng(2).random(N) < share
    elsewhere = np.setdiff1d(np.arange(6 * N), KEYS)
    allowed = np.sort(np.concatenate([KEYS[inside], elsewhere]))
    k = min(100, inside.sum())
    found, scores = index.search(queries, 100, allowed)
    assert recall(found[:, :k], exact(VECTORS[inside], KEYS[inside], queries, k)) >= 0.99
    assert np.isin(found[:, :k], KEYS[inside]).all()
    assert (found[:, k:] == -1).all()
    assert np.isneginf(scores[:, k:]).all()


def test_a_filter_over_keys_that_lie_far_apart(queries):
    keys = np.arange(2_500) * 10**12 - 10**15
    index = QuantizedIndex.build(keys, lambda some: VECTORS[np.searchsorted(keys, some)], D)
    found, _ = index.search(queries, 5, keys[::2])
    assert recall(found, exact(VECTORS[:2_500:2], keys[::2], queries, 5)) >= 0.97
    assert np.isin(found, keys[::2]).all()


@pytest.mark.parametrize("keys", [KEYS[:1], KEYS[-1:], KEYS[[0, -1]], KEYS[:1] - 1, KEYS[-1:] + 1, KEYS[:0]])
def test_a_filter_at_the_edges(index, queries, keys):
    found, _ = index.search(queries[:1], 3, keys)
    assert sorted(found[0][found[0] >= 0].tolist()) == np.intersect1d(keys, KEYS).tolist()


def test_a_query_of_zeros_and_one_of_no_rows_are_answered(index):
    keys, scores = index.search(np.zeros((1, D), np.float32), 5)
    assert np.isin(keys, KEYS).all()
    np.testing.assert_allclose(scores, 0, atol=1e-6)
    assert index.search(np.empty((0, D), np.float32), 5)[0].shape == (0, 5)


@pytest.mark.parametrize(("spread", "kind"), [(0.1, "PQ8x4fs,Refine(SQfp16+16)"), (0.01, "Flat")])
def test_where_codes_are_too_coarse_it_takes_longer_ones(spread, kind):
    vectors = close_to_each_other(spread)
    index = index_over(vectors)
    assert index.kind == kind
    found, _ = index.search(vectors[2_000:2_100], 100)
    assert recall(found, exact(vectors, KEYS[:6_000], vectors[2_000:2_100], 100)) >= 0.99
    assert index.recall >= 0.99


def test_copies_of_one_picture_are_no_reason_for_longer_codes():
    index = index_over(np.repeat(VECTORS[:25], 200, axis=0))
    assert index.kind == "PQ8x4fs,Refine(SQ8+16)"
    assert index.recall == 1.0


@pytest.mark.parametrize("dimension", [1, 5, 33])
def test_dimensions_that_are_no_multiple_of_four(dimension):
    vectors = clustered_vectors(4_000, dimension)
    index = index_over(vectors)
    assert index.kind != "Flat"
    assert index.recall >= 0.99
    _, scores = index.search(vectors[:50], 10)
    np.testing.assert_allclose(scores, -np.sort(-(vectors[:50] @ vectors.T))[:, :10], atol=0.01)


@pytest.mark.parametrize("count", [0, 1, 1_999])
def test_few_vectors_are_kept_as_they_are(queries, count):
    index = index_over(VECTORS[:count])
    assert (index.kind, index.recall, len(index)) == ("Flat", 1.0, count)
    found, _ = index.search(queries, 10)
    wanted = exact(VECTORS[:count], KEYS[:count], queries, 10)
    assert found[:, : wanted.shape[1]].tolist() == wanted.tolist()
    assert (found[:, wanted.shape[1] :] == -1).all()


def test_two_builds_give_the_same_index(index, queries):
    again = index_over(VECTORS)
    assert (again.recall, again.k_factor) == (index.recall, index.k_factor)
    for one, other in zip(index.search(queries, 50), again.search(queries, 50), strict=True):
        np.testing.assert_array_equal(one, other)


def test_trained_quantisers_are_used_again_while_they_do(index):
    more = clustered_vectors(N // 2)
    sizes = []

    def read(some):
        sizes.append(len(some))
        return more[np.searchsorted(KEYS, some)]

    again = QuantizedIndex.build(KEYS[: N // 2], read, D, trained=index)
    assert again.kind == index.kind
    assert again.recall >= 0.99
    assert sizes[:2] == [400, N // 2]  # queries, then all: no sample was read
    elsewhere = clustered_vectors(N, seed=9) * 3  # out of the range of what they were trained on
    anew = index_over(elsewhere, trained=index)
    assert recall(anew.search(elsewhere[:100], 100)[0], exact(elsewhere, KEYS, elsewhere[:100], 100)) >= 0.99


def test_progress_rises_to_one_and_may_stop_the_build():
    for vectors in (VECTORS[:5_000], VECTORS[:100], close_to_each_other(0.01)):
        shares = []
        index_over(vectors, reached=shares.append)
        assert shares == sorted(shares)
        assert shares[-1] == 1.0

    def stop(share):
        raise CollectionError("stopped")

    with pytest.raises(CollectionError, match="stopped"):
        index_over(VECTORS[:5_000], reached=stop)
