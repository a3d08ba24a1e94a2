"""What is kept of the prefixes that were read."""

import pytest
import torch

from reranker.decoder import PrefixState
from reranker.prefix_cache import PrefixCache


def state(tokens):
    """Two layers; keys and values are the tokens themselves: 32 bytes a token."""
    part = torch.tensor(tokens, dtype=torch.int64)[:, None, None]
    return PrefixState((part, part), (part, part))


def put(cache, key, tokens):
    cache.put(key, torch.tensor(tokens), state(tokens))


def test_the_prefix_used_longest_ago_goes_first():
    cache = PrefixCache(max_bytes=2 * 10 * 32)
    for key in (b"one", b"two"):
        put(cache, key, list(range(10)))
    assert cache.get(b"one") is not None
    put(cache, b"three", list(range(10)))
    assert cache.get(b"two") is None
    assert cache.get(b"one") is not None
    assert cache.get(b"three") is not None


def test_the_latest_is_kept_whatever_its_size():
    cache = PrefixCache(max_bytes=1)
    put(cache, b"one", list(range(10)))
    put(cache, b"two", list(range(99)))
    assert cache.get(b"one") is None
    assert len(cache.get(b"two")) == 99


def test_small_ones_are_not_kept_without_end():
    cache = PrefixCache(max_bytes=10**9)
    for number in range(65):
        put(cache, str(number).encode(), [number])
    assert cache.get(b"0") is None
    assert cache.get(b"1") is not None


@pytest.mark.parametrize(
    ("tokens", "most", "shared"),
    [
        ([*range(20), 7, 7], 21, 20),
        ([*range(20), 7, 7], 12, 12),
        ([*range(15), 99, 99], 16, 15),
        (list(range(9)), 8, 8),
        ([*range(7), 99], 7, None),  # too few to be worth it
        ([99, *range(20)], 20, None),
    ],
)
def test_the_longest_common_beginning_is_taken_over(tokens, most, shared):
    cache = PrefixCache(max_bytes=10**6)
    put(cache, b"short", list(range(11)))
    put(cache, b"long", [*range(20), 50])
    put(cache, b"other", [99, 98, 97])
    found = cache.beginning(torch.tensor(tokens), most)
    assert (None if found is None else found.keys[1].flatten().tolist()) == (
        None if shared is None else tokens[:shared]
    )


def test_an_empty_cache_knows_no_beginning():
    assert PrefixCache(10).beginning(torch.arange(20), 19) is None
