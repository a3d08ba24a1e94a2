"""Lychee in Haystack: a retriever and a ranker, both with pictures. Knows HTTP by `clients.lychee` only."""

import asyncio
from dataclasses import replace
from typing import Any

from clients.calls import Target
from clients.documents import metadata_of, picture_of, text_of
from clients.results import Hit, Ranked

try:
    from haystack import Document, component
    from haystack.dataclasses import ByteStream, ImageContent
    from haystack.utils import Secret

    from clients.haystack_parts import Connected, content_of, query_of
except ImportError as error:
    raise ImportError("clients.haystack needs Haystack: pip install 'lychee-search[haystack]'") from error


@component
class LycheeRetriever(Connected):
    """Two-stage search; the arguments are as in `LycheeClient.search`. With `pictures` documents hold theirs as `blob`.

    `meta` has the item's metadata beside `retrieval_rank`, `passage` and `image_url`.
    """

    def __init__(
        self,
        url: str = "http://127.0.0.1:7860",
        api_key: Secret | None = None,
        *,
        collection: str | None = None,
        target: Target | None = None,
        candidates: int | None = None,
        top_k: int | None = None,
        score_threshold: float | None = None,
        instruction: str | None = None,
        filter: dict[str, Any] | None = None,
        channels: dict[str, float] | None = None,
        rerank: bool = True,
        pictures: bool = False,
        timeout: float = 120,
    ) -> None:
        self._search: dict[str, Any] = {
            "collection": collection,
            "target": target,
            "candidates": candidates,
            "top_k": top_k,
            "score_threshold": score_threshold,
            "instruction": instruction,
            "filter": filter,
            "channels": channels,
            "rerank": rerank,
        }
        self._pictures = pictures
        self.connect(url, api_key, timeout, {**self._search, "pictures": pictures})

    @component.output_types(documents=list[Document])
    def run(
        self,
        query: str,
        image: ByteStream | ImageContent | None = None,
        instruction: str | None = None,
        filter: dict[str, Any] | None = None,
        top_k: int | None = None,
    ) -> dict[str, list[Document]]:
        """What is given here goes before what the component was made with."""
        asked = {"instruction": instruction, "filter": filter, "top_k": top_k}
        options = {**self._search, **{name: value for name, value in asked.items() if value is not None}}
        result = self.client.search(query_of(query, image), **options)
        return {"documents": [self._document(hit) for hit in result.hits]}

    @component.output_types(documents=list[Document])
    async def run_async(
        self,
        query: str,
        image: ByteStream | ImageContent | None = None,
        instruction: str | None = None,
        filter: dict[str, Any] | None = None,
        top_k: int | None = None,
    ) -> dict[str, list[Document]]:
        return await asyncio.to_thread(self.run, query, image, instruction, filter, top_k)

    def _document(self, hit: Hit) -> Document:
        picture = picture_of(hit, self.client) if self._pictures else None
        return Document(
            id=hit.id,
            content=text_of(hit) or None,
            blob=None if picture is None else ByteStream(picture.data, mime_type=picture.media_type),
            meta=metadata_of(hit, self.client),
            score=hit.score,
        )


@component
class LycheeRanker(Connected):
    """Puts documents in order by their text and, where their `blob` is one, their picture."""

    def __init__(
        self,
        url: str = "http://127.0.0.1:7860",
        api_key: Secret | None = None,
        *,
        top_k: int | None = None,
        score_threshold: float | None = None,
        instruction: str | None = None,
        timeout: float = 120,
    ) -> None:
        self._rerank: dict[str, Any] = {"top_k": top_k, "score_threshold": score_threshold, "instruction": instruction}
        self.connect(url, api_key, timeout, self._rerank)

    @component.output_types(documents=list[Document])
    def run(
        self,
        query: str,
        documents: list[Document],
        image: ByteStream | ImageContent | None = None,
        instruction: str | None = None,
        top_k: int | None = None,
        score_threshold: float | None = None,
    ) -> dict[str, list[Document]]:
        """What is given here goes before what the component was made with."""
        if not documents:
            return {"documents": []}
        asked = {"instruction": instruction, "top_k": top_k, "score_threshold": score_threshold}
        options = {**self._rerank, **{name: value for name, value in asked.items() if value is not None}}
        result = self.client.rerank(query_of(query, image), [content_of(each) for each in documents], **options)
        return {"documents": [_scored(documents[each.index], each) for each in result.results]}

    @component.output_types(documents=list[Document])
    async def run_async(
        self,
        query: str,
        documents: list[Document],
        image: ByteStream | ImageContent | None = None,
        instruction: str | None = None,
        top_k: int | None = None,
        score_threshold: float | None = None,
    ) -> dict[str, list[Document]]:
        return await asyncio.to_thread(self.run, query, documents, image, instruction, top_k, score_threshold)


def _scored(document: Document, ranked: Ranked) -> Document:
    told = {} if ranked.error is None else {"error": ranked.error}
    return replace(document, score=ranked.score, meta={**document.meta, **told})
