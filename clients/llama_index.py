"""Lychee in LlamaIndex: a retriever and a node postprocessor, both with pictures. Opens no files."""

import asyncio
import base64
from collections.abc import Mapping
from typing import Any

from clients.calls import Target
from clients.documents import ADDED, metadata_of, picture_of, text_of
from clients.lychee import LycheeClient
from clients.results import Hit, Ranked

try:
    from llama_index.core.bridge.pydantic import Field
    from llama_index.core.callbacks import CallbackManager
    from llama_index.core.postprocessor.types import BaseNodePostprocessor
    from llama_index.core.retrievers import BaseRetriever
    from llama_index.core.schema import BaseNode, ImageNode, NodeWithScore, QueryBundle, TextNode

    from clients.llama_parts import LycheeQuery, content_of, query_of
except ImportError as error:
    raise ImportError("clients.llama_index needs LlamaIndex: pip install 'lychee-search[llama-index]'") from error

__all__ = ["LycheeQuery", "LycheeReranker", "LycheeRetriever"]


class LycheeRetriever(BaseRetriever):
    """Two-stage search; the arguments are as in `LycheeClient.search`. pictures: hits with a picture become ImageNodes
    that hold it (and the text, where the item has one); all others are TextNodes."""

    def __init__(
        self,
        client: LycheeClient,
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
        pictures: bool = False,
        callback_manager: CallbackManager | None = None,
    ) -> None:
        super().__init__(callback_manager=callback_manager)
        self._client = client
        self._pictures = pictures
        self._options: dict[str, Any] = {
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

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        own = query_bundle if isinstance(query_bundle, LycheeQuery) else LycheeQuery("")
        asked = {"instruction": own.instruction, "filter": own.filter}
        options = {**self._options, **{name: value for name, value in asked.items() if value is not None}}
        result = self._client.search(query_of(query_bundle), **options)
        return [NodeWithScore(node=self._node(hit), score=hit.score) for hit in result.hits]

    async def _aretrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        return await asyncio.to_thread(self._retrieve, query_bundle)

    def _node(self, hit: Hit) -> TextNode:
        node = TextNode(
            id_=hit.id,
            text=text_of(hit),
            metadata=metadata_of(hit, self._client),
            excluded_llm_metadata_keys=list(ADDED),
            excluded_embed_metadata_keys=list(ADDED),
        )
        picture = picture_of(hit, self._client) if self._pictures else None
        if picture is None:
            return node
        image = base64.b64encode(picture.data).decode()
        return ImageNode(**node.model_dump(exclude={"class_name"}), image=image, image_mimetype=picture.media_type)


class LycheeReranker(BaseNodePostprocessor, arbitrary_types_allowed=True, extra="forbid"):
    """Puts any retriever's nodes in order by text and picture. Pictures are those that a node holds, or a URL where the
    server fetches those; a node whose picture is a path is refused, for no file is read unasked."""

    client: LycheeClient = Field(exclude=True)
    instruction: str | None = None
    top_n: int | None = None
    score_threshold: float | None = None

    @classmethod
    def class_name(cls) -> str:
        return "LycheeReranker"

    def _postprocess_nodes(
        self, nodes: list[NodeWithScore], query_bundle: QueryBundle | None = None
    ) -> list[NodeWithScore]:
        if query_bundle is None:
            raise ValueError("LycheeReranker needs the query: postprocess_nodes(nodes, query_str=...)")
        if not nodes:
            return []
        own = query_bundle.instruction if isinstance(query_bundle, LycheeQuery) else None
        result = self.client.rerank(
            query_of(query_bundle),
            [content_of(each.node) for each in nodes],
            instruction=own or self.instruction,
            top_k=self.top_n,
            score_threshold=self.score_threshold,
        )
        return [_scored(nodes[each.index].node, each) for each in result.results]


def _scored(node: BaseNode, ranked: Ranked) -> NodeWithScore:
    if ranked.error is not None:
        node = node.model_copy(update={"metadata": {**node.metadata, "error": ranked.error}})
    return NodeWithScore(node=node, score=ranked.score)
