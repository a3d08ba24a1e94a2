"""The bodies of /v1/embeddings: OpenAI's, with Jina CLIP's pictures and its names for two fields."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from api.schemas.base import AnswerBody, RequestBody, example
from api.schemas.content import ContentBody

Encoding = Literal["float", "base64"]
_JINAS_NAMES = ({"bytes"}, {"url"})  # of a picture, in clients of its first CLIP


def _as_list(value: object) -> object:
    entries = value if isinstance(value, list) else [value]
    if any(_is_token(entry) or (isinstance(entry, list) and entry and all(map(_is_token, entry))) for entry in entries):
        raise ValueError(
            "holds token ids, which only the tokenizer that made them can read; send texts "
            "(LangChain's OpenAIEmbeddings does with check_embedding_ctx_length=False)"
        )
    return entries


def _is_token(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _as_object(value: object) -> object:
    if isinstance(value, dict):
        return {"image": next(iter(value.values()))} if value.keys() in _JINAS_NAMES else value
    if not isinstance(value, str):
        raise ValueError("must be a string (text) or an object with `text` or `image`")
    if value.startswith("data:image/"):  # Haystack's JinaDocumentImageEmbedder; nobody would notice the wrong vectors
        raise ValueError('is a picture in place of a text; send {"image": "data:image/..."}')
    return {"text": value}


_Written = Annotated[str, Field(title="Text")] | ContentBody
_Entry = Annotated[ContentBody, BeforeValidator(_as_object, json_schema_input_type=_Written)]
InputField = Annotated[list[_Entry], BeforeValidator(_as_list, json_schema_input_type=_Written | list[_Written])]


class EmbeddingsBody(RequestBody):
    model_config = example({"input": ["a red mug", {"text": "a blue bag"}]})

    input: InputField = Field(
        min_length=1,
        description="A text, an object with `text` or `image` (or `bytes` or `url`, as Jina had it), or a list of "
        "these; a text and a picture have a vector each, so that no object holds both. No token ids.",
    )
    model: str | None = Field(default=None, description="Taken for compatibility; the server's own encoder answers.")
    encoding_format: Encoding = Field(
        default="float", description="`base64` gives each vector as the base64 of its float32s, little-endian."
    )
    dimensions: int | None = Field(
        default=None, ge=1, description="Only the encoder's own number of dimensions: vectors are not cut."
    )
    embedding_type: Encoding | None = Field(default=None, description="Jina's name for `encoding_format`.")
    normalized: Literal[True] = Field(default=True, description="As Jina has it: vectors always have unit length.")
    user: str | None = Field(default=None, description="Taken for compatibility, and not kept.")


class EmbeddingBody(AnswerBody):
    object: Literal["embedding"] = "embedding"
    index: int = Field(description="The place in `input`, from 0.")
    embedding: list[float] | str = Field(description="A vector of unit length; base64 where that was asked for.")


class EmbeddingsUsage(AnswerBody):
    prompt_tokens: int = Field(description="Tokens of all texts, as far as they were read; pictures count none.")
    total_tokens: int = Field(description="The same.")


class EmbeddingsAnswer(AnswerBody):
    object: Literal["list"] = "list"
    data: list[EmbeddingBody] = Field(description="One per entry of `input`, in its order.")
    model: str = Field(description="The encoder that answered.")
    usage: EmbeddingsUsage
