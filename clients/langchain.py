"""Lychee in LangChain: a retriever and a reranker, both with pictures. Knows HTTP by `clients.lychee` only."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from clients.calls import Target
from clients.content import AnyImage, Content
from clients.documents import metadata_of, picture_of, text_of
from clients.lychee import LycheeClient
from clients.results import Hit

try:
    from langchain_core.callbacks import (
        AsyncCallbackManagerForRetrieverRun,
        CallbackManagerForRetrieverRun,
        Callbacks,
    )
    from langchain_core.documents import BaseDocumentCompressor, Document
    from langchain_core.retrievers import BaseRetriever
    from langchain_core.runnables import run_in_executor
except ImportError as error:
    raise ImportError("clients.langchain needs LangChain: pip install 'lychee-search[langchain]'") from error


class LycheeRetriever(BaseRetriever, arbitrary_types_allowed=True, extra="forbid"):
    """Two-stage search. A document has the item's text (or what was read off its picture) and in `metadata` the item's
    own beside `id`, `score`, `retrieval_rank`, `passage`, `image_url` and, with `pictures`, `image`: a data URI.

    The fields are as in `LycheeClient.search`. `image`, `instruction`, `filter` and `top_k` may come with a call:
    `retriever.invoke("this mug in blue", image=data, instruction="...")`.
    """

    client: LycheeClient
    collection: str | None = None
    target: Target | None = None
    candidates: int | None = None
    top_k: int | None = None
    score_threshold: float | None = None
    instruction: str | None = None
    filter: dict[str, Any] | None = None
    channels: dict[str, float] | None = None
    rerank: bool = True
    pictures: bool = False

    def _get_relevant_documents(
        self,
        query: str,
        *,
        run_manager: CallbackManagerForRetrieverRun,
        image: AnyImage | None = None,
        instruction: str | None = None,
        filter: dict[str, Any] | None = None,
        top_k: int | None = None,
    ) -> list[Document]:
        result = self.client.search(
            query if image is None else Content(query or None, image),
            collection=self.collection,
            target=self.target,
            candidates=self.candidates,
            top_k=self.top_k if top_k is None else top_k,
            score_threshold=self.score_threshold,
            instruction=instruction or self.instruction,
            filter=self.filter if filter is None else filter,
            channels=self.channels,
            rerank=self.rerank,
        )
        return [self._document(hit) for hit in result.hits]

    async def _aget_relevant_documents(
        self,
        query: str,
        *,
        run_manager: AsyncCallbackManagerForRetrieverRun,
        image: AnyImage | None = None,
        instruction: str | None = None,
        filter: dict[str, Any] | None = None,
        top_k: int | None = None,
    ) -> list[Document]:
        search = partial(self._get_relevant_documents, image=image, instruction=instruction, filter=filter, top_k=top_k)
        return await run_in_executor(None, search, query, run_manager=run_manager.get_sync())

    def _document(self, hit: Hit) -> Document:
        metadata = {**metadata_of(hit, self.client), "id": hit.id, "score": hit.score}
        picture = picture_of(hit, self.client) if self.pictures else None
        if picture is not None:
            metadata["image"] = picture.data_uri
        return Document(id=hit.id, page_content=text_of(hit), metadata=metadata)


class LycheeReranker(BaseDocumentCompressor, arbitrary_types_allowed=True, extra="forbid"):
    """Puts any retriever's documents in order by text and picture, and writes `relevance_score` into their metadata.

    image_key: the key of the metadata under which a document has its picture, as bytes, PIL image, data URI or URL;
    None reads texts only. Instruction and a picture for the query may come with a call.
    """

    client: LycheeClient
    instruction: str | None = None
    top_n: int | None = None
    score_threshold: float | None = None
    image_key: str | None = "image"

    def compress_documents(
        self,
        documents: Sequence[Document],
        query: str,
        callbacks: Callbacks | None = None,
        *,
        instruction: str | None = None,
        image: AnyImage | None = None,
    ) -> list[Document]:
        if not documents:
            return []
        result = self.client.rerank(
            query if image is None else Content(query or None, image),
            [self._content(document, place) for place, document in enumerate(documents)],
            instruction=instruction or self.instruction,
            top_k=self.top_n,
            score_threshold=self.score_threshold,
        )
        return [_scored(documents[each.index], each.score, each.error) for each in result.results]

    async def acompress_documents(
        self,
        documents: Sequence[Document],
        query: str,
        callbacks: Callbacks | None = None,
        *,
        instruction: str | None = None,
        image: AnyImage | None = None,
    ) -> list[Document]:
        compress = partial(self.compress_documents, instruction=instruction, image=image)
        return await run_in_executor(None, compress, documents, query, callbacks)

    def _content(self, document: Document, place: int) -> Content:
        image = None if self.image_key is None else document.metadata.get(self.image_key)
        text = document.page_content
        return Content(text if text or image is None else None, image)


def _scored(document: Document, score: float, error: str | None) -> Document:
    told = {"relevance_score": score} if error is None else {"relevance_score": score, "error": error}
    return document.model_copy(update={"metadata": {**document.metadata, **told}})
