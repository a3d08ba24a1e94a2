"""Mixed traffic: searches, reranking, embeddings, upserts and bad input, in fixed shares. Knows no server."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from evaluation.bench.made_up import MadeUp
from evaluation.bench.served import as_json

PICTURES: Final = 64  # different ones: few enough that all caches have them within the first minute
ITEMS: Final = 400  # ids that upserts take turns with, so that the collection does not grow either
_ITEMS_PATH: Final = "/v1/collections/demo/items"


@dataclass(frozen=True, slots=True)
class Request:
    """kind: a word for the table. good: whether the answer has to be 200, where there is room; else 4xx."""

    kind: str
    path: str
    content: bytes
    good: bool = True


class Traffic:
    """Endless requests, the same for the same seed; for one thread at a time."""

    def __init__(self, seed: int) -> None:
        self._made = MadeUp(seed, PICTURES)
        self._random = np.random.default_rng(seed)
        self._upserted = 0
        self._kinds: tuple[tuple[Callable[[], Request], float], ...] = (
            (self._search, 0.3),
            (self._rerank_texts, 0.25),
            (self._rerank_pictures, 0.15),
            (self._embed, 0.1),
            (self.upsert, 0.1),
            (self._bad, 0.1),
        )

    def next(self) -> Request:
        makers, shares = zip(*self._kinds, strict=True)
        make: Callable[[], Request] = makers[int(self._random.choice(len(makers), p=shares))]
        return make()

    def upsert(self) -> Request:
        """Two items, one with a picture."""
        first, second = (f"item-{(self._upserted + number) % ITEMS}" for number in range(2))
        self._upserted += 2
        items = [{"id": first, "text": self._made.text()}, {"id": second, "image": self._made.picture()}]
        return Request("upsert", _ITEMS_PATH, as_json({"items": items}))

    def _search(self) -> Request:
        body = {"query": self._made.text(), "candidates": 20, "top_k": 5}
        return Request("search", "/v1/search", as_json(body))

    def _rerank_texts(self) -> Request:
        body = {"query": self._made.text(), "documents": self._made.texts(20)}
        return Request("rerank texts", "/v1/rerank", as_json(body))

    def _rerank_pictures(self) -> Request:
        pictures = [{"image": picture} for picture in self._made.pictures(8)]
        return Request("rerank pictures", "/v1/rerank", as_json({"query": self._made.text(), "documents": pictures}))

    def _embed(self) -> Request:
        body = {"input": [*self._made.texts(8), {"image": self._made.picture()}]}
        return Request("embed", "/v1/embeddings", as_json(body))

    def _bad(self) -> Request:
        bodies = (
            b'{"query": NaN}',
            b"[" * 10_000,
            as_json({"query": {"image": "file:///etc/passwd"}, "documents": ["a"]}),
            as_json({"query": "a", "documents": ["a"] * 10_001}),
            as_json({"query": "a", "documents": ["a"], "nonsense": 1}),
        )
        return Request("bad input", "/v1/rerank", bodies[int(self._random.integers(len(bodies)))], good=False)
