"""Reciprocal rank fusion against sums that a reader can check."""

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.ranking import Placed
from retriever.fusion import RankedList, fuse


def ranked(ids: str, channel="image", query="text") -> RankedList:
    return RankedList(channel, query, [Placed(item, 1 - place / 10, 0) for place, item in enumerate(ids)])


def test_sums_are_those_of_the_formula():
    fused = fuse([ranked("abc"), ranked("cad", channel="text")], limit=10)

    assert [candidate.id for candidate in fused] == ["a", "c", "b", "d"]
    scores = [1 / 61 + 1 / 62, 1 / 63 + 1 / 61, 1 / 62, 1 / 63]
    assert [candidate.score for candidate in fused] == pytest.approx(scores, abs=1e-15)


def test_a_candidate_says_where_it_was_found():
    (first, *_) = fuse([ranked("abc"), ranked("cad", channel="text", query="image")], limit=1)

    found = [(place.channel, place.query, place.rank, place.score) for place in first.channels]
    assert found == [("image", "text", 1, 1.0), ("text", "image", 2, 0.9)]


def test_being_found_twice_beats_being_first_once():
    assert fuse([ranked("xa"), ranked("ya", channel="text")], limit=1)[0].id == "a"


def test_equal_sums_are_ordered_by_id():
    # both ids have the ranks 1 and 2; then one list each
    assert [c.id for c in fuse([ranked("ba"), ranked("ab", channel="text")], limit=2)] == ["a", "b"]
    assert [c.id for c in fuse([ranked("z"), ranked("y", channel="text")], limit=2)] == ["y", "z"]


def test_equal_sums_are_ordered_by_the_best_single_rank_before_the_id():
    # ranks 12 and 60 against rank 30 twice: 1/72 + 1/120 = 1/90 + 1/90 = 1/45
    early, late = [f"early{i:03}" for i in range(80)], [f"late{i:03}" for i in range(80)]
    early[11], late[59] = "z", "z"
    early[29], late[29] = "a", "a"
    lists = [RankedList("image", "text", [Placed(i, 0.5, 0) for i in ids]) for ids in (early, late)]

    fused = fuse(lists, limit=200)

    scores = {candidate.id: candidate.score for candidate in fused}
    assert scores["z"] == pytest.approx(1 / 45, abs=1e-15)
    assert scores["a"] == pytest.approx(1 / 45, abs=1e-15)
    order = [candidate.id for candidate in fused]
    assert order.index("z") < order.index("a")


@given(
    st.lists(st.lists(st.sampled_from("abcdefghij"), unique=True, max_size=8), min_size=1, max_size=4),
    st.integers(1, 10),
)
def test_order_does_not_depend_on_the_order_of_the_lists(lists, limit):
    orders = {
        tuple((candidate.id, candidate.score) for candidate in fuse([ranked(ids) for ids in arrangement], limit))
        for arrangement in permutations(lists)
    }
    assert len(orders) == 1
    assert len(orders.pop()) == min(limit, len(set().union(*lists)))


def test_nothing_gives_nothing():
    assert fuse([], limit=10) == []
    assert fuse([ranked("")], limit=10) == []


def test_a_weight_multiplies_a_list_and_changes_the_order():
    lists = [ranked("ab"), RankedList("words", "text", [Placed("c", 9.0, 7)], weight=1.5)]
    fused = fuse(lists, limit=10)
    assert [(candidate.id, candidate.score) for candidate in fused] == [("c", 1.5 / 61), ("a", 1 / 61), ("b", 1 / 62)]


def test_the_passage_is_that_of_the_list_which_ranks_the_item_best():
    texts = RankedList("text", "text", [Placed("x", 0.9, 11), Placed("y", 0.8, 12)])
    words = RankedList("words", "text", [Placed("y", 5.0, 13), Placed("x", 4.0, 0)])
    pictures = RankedList("image", "text", [Placed("z", 0.3, 14)])
    assert {one.id: one.key for one in fuse([texts, words, pictures], limit=10)} == {"x": 11, "y": 13, "z": 0}


def test_where_words_and_vectors_rank_an_item_alike_the_passage_is_that_of_the_words():
    """A pooled vector does not know where a name stands."""
    texts = RankedList("text", "text", [Placed("x", 0.9, 11)])
    words = RankedList("words", "text", [Placed("x", 5.0, 13)])
    assert [one.key for one in fuse([texts, words], limit=1)] == [13]
    assert [one.key for one in fuse([words, texts], limit=1)] == [13]
