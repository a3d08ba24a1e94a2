"""Which item a vector belongs to, against a plain dictionary."""

import numpy as np
import pytest

from indexer.owners import Owners


@pytest.fixture
def plain():
    rng = np.random.default_rng(1)
    keys = np.sort(rng.choice(50_000, 5000, replace=False)).astype(np.int64)
    return keys, rng.integers(1, 3000, 5000)


@pytest.mark.parametrize("first", [0, 1, 2000, 5000])
def test_it_equals_a_dictionary_however_the_keys_came(plain, first):
    keys, items = plain
    owners = Owners(keys[:first], items[:first])
    for start in range(first, 5000, 700):
        owners.add(keys[start : start + 700][: 5000 - start], items[start : start + 700])
    known = dict(zip(keys.tolist(), items.tolist(), strict=True))
    asked = np.random.default_rng(2).permutation(60_000).astype(np.int64)
    assert len(owners) == 5000
    assert owners.of(asked).tolist() == [known.get(key, -1) for key in asked.tolist()]
    mask = np.zeros(2000, np.bool_)  # shorter than the highest number
    mask[::3] = True
    assert owners.keys_of(mask).tolist() == [key for key, item in known.items() if item < 2000 and item % 3 == 0]


def test_what_it_begins_with_is_left_as_it_was(plain):
    keys, items = plain
    begun = keys[:100].copy(), items[:100].copy()
    for array in begun:
        array.flags.writeable = False  # as a file in memory is
    owners = Owners(*begun)
    owners.add(keys[100:], items[100:])
    assert owners.of(keys).tolist() == items.tolist()
