"""Each call of a client: what is sent, and how its answer is read. Sends nothing itself, so that clients which wait and
clients which do not share it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Literal, TypeVar
from urllib.parse import quote

import httpx

from clients.content import Content, Item, Picture, content_as_json
from clients.results import Hit, RerankResult, SearchResult, rerank_result, search_result

T = TypeVar("T")
Target = Literal["any", "image", "text"]


@dataclass(frozen=True, slots=True)
class Call(Generic[T]):
    """One request. read: raises KeyError, TypeError or ValueError for an answer that is not one to it."""

    method: str
    path: str
    read: Callable[[httpx.Response], T]
    body: Mapping[str, Any] | None = None


def search(
    query: str | Content,
    *,
    collection: str | None = None,
    target: Target | None = None,
    candidates: int | None = None,
    top_k: int | None = None,
    score_threshold: float | None = None,
    instruction: str | None = None,
    filter: Mapping[str, Any] | None = None,
    channels: Mapping[str, float] | None = None,
    rerank: bool = True,
    scale: Literal[1, 10] | None = None,
    normalize: Literal["minmax"] | None = None,
    raise_on_error: bool = False,
    explain: bool = False,
) -> Call[SearchResult]:
    """Searches a collection in two stages; what is None is left to the server.

    collection: by default the server's own. target: whether items are found by their pictures, texts or any.
    candidates: how many stage 1 recalls, for stage 2 to order. instruction: the task of stage 2 in your words.
    filter: conditions on the metadata. channels: how much the lists of stage 1 count, such as `{"words": 0}`.
    rerank: False answers with stage 1's order. Raises LycheeError.
    """
    body = {
        "query": content_as_json(query),
        "collection": collection,
        "target": target,
        "candidates": candidates,
        "top_k": top_k,
        "score_threshold": score_threshold,
        "instruction": instruction,
        "filter": None if filter is None else dict(filter),
        "channels": None if channels is None else dict(channels),
        "rerank": rerank,
        "scale": scale,
        "normalize": normalize,
        "raise_on_error": raise_on_error,
        "explain": explain,
    }
    return Call("POST", "/v1/search", lambda response: search_result(response.json()), _given(body))


def rerank(
    query: str | Content,
    documents: Sequence[str | Content],
    *,
    instruction: str | None = None,
    top_k: int | None = None,
    score_threshold: float | None = None,
    scale: Literal[1, 10] | None = None,
    normalize: Literal["minmax"] | None = None,
    raise_on_error: bool = False,
) -> Call[RerankResult]:
    """Puts documents that you bring in order, best first; `index` of a result is a document's place.

    A document that cannot be read has the score 0.0 and an `error`, unless raise_on_error. Raises LycheeError.
    """
    body = {
        "query": content_as_json(query),
        "documents": [content_as_json(document) for document in documents],
        "instruction": instruction,
        "top_k": top_k,
        "score_threshold": score_threshold,
        "scale": scale,
        "normalize": normalize,
        "raise_on_error": raise_on_error,
    }
    return Call("POST", "/rerank_batch", lambda response: rerank_result(response.json()), _given(body))


def create(collection: str) -> Call[None]:
    """Makes an empty collection; one that is there is left as it is. Raises LycheeError."""
    return Call("PUT", f"/v1/collections/{quote(collection, safe='')}", _nothing)


def upsert(collection: str, items: Sequence[Item]) -> Call[tuple[str, ...]]:
    """Stores the items, all or none, and gives their ids. They are on disk, and found, when this returns. Raises
    LycheeError."""
    body = {"items": [item.as_json() for item in items]}
    path = f"/v1/collections/{quote(collection, safe='')}/items"
    return Call("POST", path, lambda response: tuple(response.json()["ids"]), body)


def picture(hit: Hit) -> Call[Picture]:
    """The picture of a hit. Raises ValueError for a hit without one, and LycheeError."""
    if hit.image_url is None:
        raise ValueError(f"the item {hit.id} has no picture")
    if not hit.image_url.startswith("/v1/"):  # the key is for no other server than the client's own
        raise ValueError(f"{hit.image_url} is no path of a picture on the server")
    return Call("GET", hit.image_url, lambda response: Picture(response.content, response.headers["Content-Type"]))


def _given(body: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in body.items() if value is not None}


def _nothing(response: httpx.Response) -> None:
    return None
