"""What every FeatureStore does."""

import random
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest
import torch

from reranker.feature_cache import FeatureCache
from reranker.feature_file import FileFeatures
from reranker.feature_memory import MemoryFeatures
from reranker.features import FeatureStore

ROOM = 32 * 2**20


class Waiting:
    """A cache whose `put` waits until the file has it, so that the test may look at once."""

    def __init__(self, cache: FeatureCache) -> None:
        self._cache = cache
        self.get = cache.get

    def put(self, key: bytes, features: torch.Tensor) -> None:
        self._cache.put(key, features)
        self._cache.flush()


@pytest.fixture(params=["memory", "file", "memory cache", "memory and file", "file behind no memory"])
def make_store(request, tmp_path) -> Iterator[Callable[[int], FeatureStore]]:
    with ExitStack() as stack:

        def make(max_bytes: int = ROOM) -> FeatureStore:
            file = FileFeatures(tmp_path / "cache.sqlite", "model", max_bytes)
            stack.callback(file.close)
            if request.param == "file":
                return file
            memory = MemoryFeatures(0 if request.param == "file behind no memory" else max_bytes)
            if request.param == "memory":
                return memory
            cache = FeatureCache(memory)
            stack.callback(cache.close)
            if request.param != "memory cache":
                cache.keep_on_disk(file)
            return Waiting(cache)

        yield make


def key(number: int) -> bytes:
    return number.to_bytes(16, "big")


def features(number: int, tokens: int = 7, dtype: torch.dtype = torch.bfloat16) -> torch.Tensor:
    return torch.randn(tokens, 32, generator=torch.Generator().manual_seed(number)).to(dtype)


def test_what_was_not_put_is_not_there(make_store):
    store = make_store()
    store.put(key(1), features(1))
    assert store.get(key(2)) is None


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16, torch.float32])
def test_features_come_back_to_the_last_bit(make_store, dtype):
    store = make_store()
    odd = torch.tensor([[torch.inf, -torch.inf, 0.0, -0.0, 1e-30, 3.0]], dtype=dtype)
    for number, put in enumerate([features(1, dtype=dtype), features(2, 1, dtype), odd]):
        store.put(key(number), put)
    for number, put in enumerate([features(1, dtype=dtype), features(2, 1, dtype), odd]):
        found = store.get(key(number))
        assert found.dtype == dtype
        assert found.shape == put.shape
        assert torch.equal(found.view(torch.uint8), put.view(torch.uint8))


def test_keys_may_hold_any_bytes(make_store):
    store = make_store()
    keys = [bytes(16), b"\xff" * 16, b"'; DROP TABLE --"]
    for number, each in enumerate(keys):
        store.put(each, features(number))
    for number, each in enumerate(keys):
        assert torch.equal(store.get(each), features(number))


def test_what_is_kept_is_a_copy_with_memory_of_its_own(make_store):
    store = make_store()
    batch = torch.cat([features(number) for number in range(3)])
    store.put(key(1), batch[7:14])
    batch.zero_()
    found = store.get(key(1))
    assert torch.equal(found, features(1))
    assert found.untyped_storage().nbytes() == found.nbytes


def test_a_view_that_skips_memory_is_kept_as_what_it_shows(make_store):
    store = make_store()
    store.put(key(1), features(1, 32).T)
    store.put(key(2), features(2, 1).expand(5, 32))
    assert torch.equal(store.get(key(1)), features(1, 32).T)
    assert torch.equal(store.get(key(2)), features(2, 1).expand(5, 32))


def test_what_the_tower_makes_without_gradients_can_be_used_with_them(make_store):
    store = make_store()
    with torch.inference_mode():
        store.put(key(1), features(1, dtype=torch.float32))
        assert store.get(key(1)) is not None
    weight = torch.ones(32, requires_grad=True)
    assert (store.get(key(1)).clone() @ weight).sum().requires_grad


def test_putting_again_changes_nothing(make_store):
    store = make_store()
    for _ in range(3):
        store.put(key(1), features(1))
    assert torch.equal(store.get(key(1)), features(1))


@pytest.mark.parametrize("max_bytes", [0, 1000])
def test_what_is_larger_than_the_bound_is_not_kept(make_store, max_bytes):
    store = make_store(max_bytes)
    store.put(key(1), features(1, 1000))
    assert store.get(key(1)) is None


def test_the_least_recently_used_is_forgotten_first(make_store):
    store = make_store(2 * 2**20)
    quarter = 2**18 // 64  # tokens of a quarter of a megabyte
    for number in range(12):
        store.put(key(number), features(number, quarter))
        assert store.get(key(0)) is not None  # used all the time
    assert store.get(key(1)) is None
    assert torch.equal(store.get(key(0)), features(0, quarter))
    assert torch.equal(store.get(key(11)), features(11, quarter))


def test_many_threads_may_use_it_at_once(make_store):
    store = make_store(2 * 2**20)  # too little for all, so that forgetting goes on meanwhile

    def use(thread: int) -> int:
        rng, hits = random.Random(thread), 0
        for _ in range(60):
            picture = rng.randrange(40)
            found = store.get(key(picture))
            if found is None:
                store.put(key(picture), features(picture, 1000))
            else:
                assert torch.equal(found, features(picture, 1000))
                hits += 1
        return hits

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(use, range(8))) > 0
