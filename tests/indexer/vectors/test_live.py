"""A live index is its base as if that had been changed, and says when it wants another."""

import threading

import numpy as np
import pytest
from support.clustered_vectors import clustered_vectors
from support.numpy_index import NumpyIndex

from indexer.vectors.live import IndexPolicy, LiveIndex
from indexer.vectors.quantized import QuantizedIndex

D = 32
N = 8_000
ALL = clustered_vectors(N + 1_000)
VECTORS, FRESH = ALL[:N], ALL[N:]
KEYS = np.arange(N) * 2


@pytest.fixture(scope="module")
def base():
    return QuantizedIndex.build(KEYS, lambda keys: VECTORS[keys // 2], D, target=0.99)


def nearest(query, k):
    return KEYS[np.argsort(-(VECTORS @ query))[:k]]


def test_it_is_what_its_parts_are(base):
    live = LiveIndex(D, base)
    live.add(np.arange(20_001, 20_011), FRESH[:10])
    live.remove(np.array([0, 2, 2, 3, 20_001, 99_999]))
    assert (live.fresh, live.dead, len(live)) == (9, 2, N + 7)
    assert live.base is base
    assert sorted(live.fresh_keys().tolist()) == list(range(20_002, 20_011))
    assert sorted(live.keys().tolist()) == [*KEYS[2:].tolist(), *range(20_002, 20_011)]
    assert len(base) == N
    without = LiveIndex(D)
    assert (without.base, len(without)) == (None, 0)


def test_it_finds_what_one_matrix_finds_after_many_changes(base):
    rng = np.random.default_rng(4)
    live, plain = LiveIndex(D, base), NumpyIndex(D)
    plain.add(KEYS, VECTORS)
    for start in range(0, 1_000, 100):
        gone = rng.choice(plain.keys(), 60, replace=False)
        for index in (live, plain):
            index.remove(gone)
            index.add(np.arange(50_000 + start, 50_100 + start), FRESH[start : start + 100])
    allowed = np.sort(rng.choice(plain.keys(), 3_000, replace=False))
    assert sorted(live.keys().tolist()) == sorted(plain.keys().tolist())
    for some in (None, allowed):
        found, scores = live.search(FRESH[:100], 50, some)
        wanted, products = plain.search(FRESH[:100], 50, some)
        assert np.mean([np.isin(one, other).mean() for one, other in zip(wanted, found, strict=True)]) >= 0.99
        np.testing.assert_allclose(scores, products, atol=0.01)
        assert (np.diff(scores, axis=1) <= 0).all()


@pytest.mark.parametrize("gone", [10, 500, N - 5])
def test_the_dead_are_never_shown_even_if_they_fill_the_top(base, gone):
    live, query = LiveIndex(D, base), VECTORS[:1]
    order = nearest(query[0], N)
    live.remove(order[:gone])
    left = order[gone:]
    found, scores = live.search(query, 20)
    expected = min(20, len(left))
    assert not np.isin(found, order[:gone]).any()
    assert (found[0, expected:] == -1).all()
    assert np.isneginf(scores[0, expected:]).all()
    assert (found[0, :expected] >= 0).all()
    for keys in (found[0, :expected], left[:expected]):  # those that are found are as near as those that are nearest
        np.testing.assert_allclose(scores[0, :expected], VECTORS[keys // 2] @ query[0], atol=0.01)


@pytest.mark.parametrize("share", [0.95, 0.5, 0.31, 0.29, 0.01])
def test_what_is_allowed_is_found_however_many_it_is(base, share):
    allowed = np.sort(np.random.default_rng(6).choice(KEYS, int(share * N), replace=False))
    live = LiveIndex(D, base)
    live.remove(KEYS[::40])
    left = allowed[~np.isin(allowed, KEYS[::40])]
    found, _ = live.search(FRESH[:50], 50, allowed)
    wanted = left[np.argsort(-(FRESH[:50] @ VECTORS[left // 2].T), axis=1)[:, :50]]
    assert np.isin(found, left).all()
    assert np.mean([np.isin(one, other).mean() for one, other in zip(wanted, found, strict=True)]) >= 0.99


def test_the_nearest_may_all_be_forbidden(base):
    """As where somebody looks among the others for what is like their own."""
    order = nearest(FRESH[0], N)
    found, scores = LiveIndex(D, base).search(FRESH[:1], 30, np.sort(order[N // 2 :]))
    assert np.isin(found, order[N // 2 :]).all()
    exact = np.sort(VECTORS[order[N // 2 :] // 2] @ FRESH[0])[::-1]
    np.testing.assert_allclose(scores[0], exact[:30], atol=0.01)


def test_the_dead_are_not_allowed_back(base):
    live = LiveIndex(D, base)
    live.remove(KEYS[10:20])
    found, _ = live.search(VECTORS[10:20], 5, KEYS[8:22])
    assert set(found.ravel().tolist()) == {-1, *KEYS[8:10].tolist(), *KEYS[20:22].tolist()}


def test_a_base_that_is_all_dead_is_as_good_as_none(base):
    live = LiveIndex(D, base)
    live.remove(KEYS)
    assert len(live) == 0
    assert (live.search(VECTORS[:2], 3)[0] == -1).all()
    live.add(np.array([7]), FRESH[:1])
    assert live.search(FRESH[:1], 2)[0].tolist() == [[7, -1]]


def test_a_key_of_the_base_is_taken_again_only_when_it_is_dead(base):
    live = LiveIndex(D, base)
    with pytest.raises(ValueError):
        live.add(KEYS[5:6], FRESH[:1])
    live.remove(KEYS[5:6])
    live.add(KEYS[5:6], FRESH[:1])
    keys, scores = live.search(FRESH[:1], N)
    assert (keys[0] == KEYS[5]).sum() == 1
    assert keys[0, 0] == KEYS[5]
    assert scores[0, 0] == pytest.approx(1.0, abs=1e-6)


def test_a_base_of_another_dimension_is_refused(base):
    with pytest.raises(ValueError, match="dimension"):
        LiveIndex(D + 1, base)


def test_searches_run_side_by_side(base):
    live = LiveIndex(D, base)
    live.add(np.arange(50_000, 50_500), FRESH[:500])
    live.remove(KEYS[::50])
    expected = [live.search(FRESH[i : i + 1], 20)[0].tolist() for i in range(40)]
    found = {}

    def search(part):
        found.update({i: live.search(FRESH[i : i + 1], 20)[0].tolist() for i in range(part, 40, 4)})

    threads = [threading.Thread(target=search, args=(part,)) for part in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [found[i] for i in range(40)] == expected


def test_the_policy_wants_a_base_for_many_and_another_after_much_change(base):
    policy = IndexPolicy(exact_up_to=500)
    live = LiveIndex(D)
    live.add(np.arange(500), FRESH[:500])
    assert not policy.wants_base(live)
    live.add(np.array([500]), FRESH[500:501])
    assert policy.wants_base(live)
    based = LiveIndex(D, base)  # a twentieth is 400
    based.remove(KEYS[:200])
    based.add(np.arange(50_000, 50_200), FRESH[:200])
    assert not policy.wants_base(based)
    based.remove(KEYS[200:201])
    assert policy.wants_base(based)
    assert not IndexPolicy(exact_up_to=1_000).wants_base(based)
    assert not policy.is_overdue(based)
    based.remove(KEYS[200:1_401])  # four times as much
    assert policy.is_overdue(based)
