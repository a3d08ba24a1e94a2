"""Which dialect a request to rerank speaks, told by its fields: `texts` is Text Embeddings Inference's, `property` is
Weaviate's, and all others share a form."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import Discriminator, RootModel, Tag

from api import shapes
from api.body import JsonRequest
from api.complaint import tagged
from api.dialects import common, sglang, tei, weaviate
from api.dialects.common import RerankAnswer, RerankBody
from api.dialects.counted import CountedRoute
from api.dialects.desk import Desk
from api.dialects.sglang import SglangResult, speaks_sglang
from api.dialects.tei import TeiBody, TeiResult
from api.dialects.weaviate import WeaviateAnswer, WeaviateBody
from api.schemas.base import example

AnyAnswer = RerankAnswer | list[TeiResult] | list[SglangResult] | WeaviateAnswer

_TELLING = {"texts": tagged("tei"), "property": tagged("weaviate")}
_SHAPES = {tagged("tei"): shapes.tei, tagged("weaviate"): shapes.text}


def _dialect(value: object) -> str:
    fields = value if isinstance(value, Mapping) else getattr(type(value), "model_fields", {})
    return next((dialect for field, dialect in _TELLING.items() if field in fields), tagged("common"))


class AnyRerankBody(
    RootModel[
        Annotated[
            Annotated[RerankBody, Tag(tagged("common"))]
            | Annotated[TeiBody, Tag(tagged("tei"))]
            | Annotated[WeaviateBody, Tag(tagged("weaviate"))],
            Discriminator(_dialect),
        ]
    ]
):
    model_config = example({"query": "a red mug", "documents": ["A red mug on a table.", "A dog."], "top_n": 1})


class RerankRoute(CountedRoute):
    """Its errors take the form that the clients of the body's dialect read."""

    def saw(self, request: JsonRequest) -> None:
        shape = _SHAPES.get(_dialect(request.parsed))
        if shape is not None:
            shapes.choose_shape(request.scope, shape)
        super().saw(request)


def answer(body: AnyRerankBody, desk: Desk, version: str) -> AnyAnswer:
    """version: of Cohere's API, by the path."""
    asked = body.root
    if isinstance(asked, TeiBody):
        return tei.answer(asked, desk)
    if isinstance(asked, WeaviateBody):
        return weaviate.answer(asked, desk)
    return sglang.answer(asked, desk) if speaks_sglang(asked) else common.answer(asked, desk, version)
