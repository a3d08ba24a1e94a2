"""Which examples are read together."""

from itertools import chain

import pytest

from reranker.training.batches import GroupBatches


def epoch(batches, number):
    batches.set_epoch(number)
    return list(batches)


@pytest.mark.parametrize("size", [1, 2, 3, 4, 7, 50])
def test_an_epoch_has_every_example_once_and_as_many_batches_as_it_says(size):
    batches = GroupBatches([5, 1, 3, 8], size, seed=3)
    for number in range(4):
        order = epoch(batches, number)
        assert sorted(chain(*order)) == list(range(17))
        assert len(order) == len(batches)
        assert max(map(len, order)) <= size


def test_documents_of_a_group_are_kept_together():
    order = epoch(GroupBatches([4] * 20, 4, seed=1), 0)
    assert all(batch[0] // 4 == place // 4 for batch in order for place in batch)


def test_the_order_is_the_seeds_and_another_in_each_epoch():
    one, same, other = (GroupBatches([3] * 30, 2, seed) for seed in (5, 5, 6))
    assert epoch(one, 0) == epoch(same, 0)
    assert epoch(one, 0) != epoch(one, 1)
    assert epoch(one, 0) != epoch(other, 0)
