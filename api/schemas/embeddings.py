"""The bodies of /v1/embeddings: OpenAI's with Jina CLIP's pictures, and vLLM's of conversations."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Discriminator, Field, RootModel, Tag

from api.complaint import tagged
from api.schemas.base import AnswerBody, Listed, RequestBody, example
from api.schemas.content import ContentBody, Parts

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
InputField = Annotated[Listed[_Entry], BeforeValidator(_as_list, json_schema_input_type=_Written | list[_Written])]


class _Asked(RequestBody):
    """What both forms share."""

    model: str | None = Field(default=None, description="Taken for compatibility; the server's own encoder answers.")
    encoding_format: Encoding = Field(
        default="float", description="`base64` gives each vector as the base64 of its float32s, little-endian."
    )
    dimensions: int | None = Field(
        default=None, ge=1, description="Only the encoder's own number of dimensions: vectors are not cut."
    )
    truncate_prompt_tokens: int | None = Field(
        default=None, description="Taken for compatibility with vLLM; long texts are always cut."
    )
    user: str | None = Field(default=None, description="Taken for compatibility, and not kept.")


class EmbeddingsBody(_Asked):
    input: InputField = Field(
        min_length=1,
        description="A text, an object with `text` or `image` (or `bytes` or `url`, as Jina had it), or a list of "
        "these; a text and a picture have a vector each, so that no object holds both. No token ids.",
    )
    embedding_type: Encoding | None = Field(default=None, description="Jina's name for `encoding_format`.")
    encoding_type: Encoding | None = Field(default=None, description="LlamaIndex's Jina client's name for it.")
    task: str | None = Field(
        default=None, description="Taken for compatibility with Jina; there is one kind of vector."
    )
    truncate: bool | None = Field(default=None, description="Taken for compatibility with Jina; long texts are cut.")
    late_chunking: Literal[False] | None = Field(default=None, description="As Jina has it: each input is on its own.")
    normalized: Literal[True] = Field(default=True, description="As Jina has it: vectors always have unit length.")

    @property
    def encoding(self) -> Encoding:
        return self.embedding_type or self.encoding_type or self.encoding_format


def _said(value: object) -> str:
    return tagged("parts" if isinstance(value, list) else "text")


Said = Annotated[
    Annotated[str, Tag(tagged("text"))] | Annotated[Parts, Tag(tagged("parts"))],
    Discriminator(_said),
]


class MessageBody(RequestBody):
    role: Literal["system", "developer", "user", "assistant"] = Field(description="Only what `user` says is embedded.")
    content: Said = Field(description="A text, or content parts: a text or a picture.")


def _one_of_user(conversation: list[MessageBody]) -> list[MessageBody]:
    if sum(message.role == "user" for message in conversation) != 1:
        raise ValueError("must hold one message of the role `user`: a conversation has one vector")
    return conversation


def _as_conversations(value: object) -> object:
    return [value] if isinstance(value, list) and value and all(isinstance(each, dict) for each in value) else value


Conversation = Annotated[Listed[MessageBody], AfterValidator(_one_of_user)]
MessagesField = Annotated[
    Listed[Conversation],
    BeforeValidator(_as_conversations, json_schema_input_type=list[Conversation] | list[MessageBody]),
]


class ChatEmbeddingsBody(_Asked):
    """As vLLM takes pictures."""

    messages: MessagesField = Field(
        min_length=1, description="A conversation or a list of them, each with one message of the role `user`."
    )
    add_generation_prompt: bool | None = Field(default=None, description="Taken for compatibility with vLLM.")
    continue_final_message: bool | None = Field(default=None, description="Taken for compatibility with vLLM.")
    add_special_tokens: bool | None = Field(default=None, description="Taken for compatibility with vLLM.")

    @property
    def encoding(self) -> Encoding:
        return self.encoding_format


def _form(value: object) -> str:
    fields = value if isinstance(value, Mapping) else getattr(type(value), "model_fields", {})
    return tagged("messages" if "messages" in fields else "input")


class AnyEmbeddingsBody(
    RootModel[
        Annotated[
            Annotated[EmbeddingsBody, Tag(tagged("input"))] | Annotated[ChatEmbeddingsBody, Tag(tagged("messages"))],
            Discriminator(_form),
        ]
    ]
):
    model_config = example({"input": ["a red mug", {"text": "a blue bag"}]})


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
