"""Vectors as OpenAI answers with them, of what OpenAI's, Jina's and vLLM's clients send. Knows no models."""

import base64
from collections.abc import Sequence

from api.contents import source
from api.dialects.desk import Desk
from api.dialects.given_back import text_of
from api.schemas.content import SourceBody
from api.schemas.embeddings import (
    AnyEmbeddingsBody,
    EmbeddingBody,
    EmbeddingsAnswer,
    EmbeddingsBody,
    EmbeddingsUsage,
    Encoding,
    MessageBody,
)
from content.errors import InvalidInput
from indexer.protocols import Encoder, Vectors


def answer(body: AnyEmbeddingsBody, desk: Desk) -> EmbeddingsAnswer:
    asked, encoder = body.root, desk.service.encoder
    name, contents = _named(body)
    desk.check_count(len(contents), name)
    _check_dimensions(asked.dimensions, encoder)
    vectors = desk.service.embed([source(each) for each in contents], param=name, patience=desk.patience)
    tokens = sum(encoder.count_tokens([text for each in contents if (text := text_of(each)) is not None]))
    return EmbeddingsAnswer(
        data=_data(vectors, asked.encoding),
        model=encoder.name,
        usage=EmbeddingsUsage(prompt_tokens=tokens, total_tokens=tokens),
    )


def _named(body: AnyEmbeddingsBody) -> tuple[str, Sequence[SourceBody]]:
    """What is to be embedded, and the field it stands in."""
    if isinstance(body.root, EmbeddingsBody):
        return "input", body.root.input
    return "messages", [_of_user(conversation) for conversation in body.root.messages]


def _of_user(conversation: Sequence[MessageBody]) -> SourceBody:
    return next(message.content for message in conversation if message.role == "user")


def _check_dimensions(asked: int | None, encoder: Encoder) -> None:
    if asked not in (None, encoder.dimension):
        raise InvalidInput(
            f"the vectors of {encoder.name} have {encoder.dimension} dimensions and are not cut to {asked}; "
            f"leave `dimensions` out, or send {encoder.dimension}",
            param="dimensions",
        )


def _data(vectors: Vectors, encoding: Encoding) -> list[EmbeddingBody]:
    if encoding == "float":
        return [EmbeddingBody(index=place, embedding=vector) for place, vector in enumerate(vectors.tolist())]
    return [
        EmbeddingBody(index=place, embedding=base64.b64encode(vector.tobytes()).decode())
        for place, vector in enumerate(vectors.astype("<f4"))
    ]
