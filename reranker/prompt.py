"""The prompt that puts one query and one document before the judge. Knows no model, no tokenizer and no pixel bounds.

Wording and order of the parts are those that Lychee-rerank-mm was trained with (model card of
`vec-ai/lychee-rerank-mm`; arXiv 2510.14824). They must not change by a byte: a checkpoint trained with one prompt
misreads another.
"""

from collections.abc import Iterator
from typing import Literal, TypedDict

from PIL import Image

from content import Content

SYSTEM = (
    "Judge whether the Document meets the requirements based on the Query and the Instruct provided. "
    'Note that the answer can only be "yes" or "no".'
)
INSTRUCTION_PREFIX = "<Instruct>: "
QUERY_HEADING = "<Query>:"
DOCUMENT_HEADING = "\n<Document>:"
YES = "yes"
NO = "no"
MAX_TOKENS = 3200  # of a whole prompt (model card), pictures included


class TextPart(TypedDict):
    type: Literal["text"]
    text: str


class ImagePart(TypedDict):
    type: Literal["image"]
    image: Image.Image


Part = TextPart | ImagePart


class Message(TypedDict):
    role: Literal["system", "user"]
    content: list[Part]


def messages(instruction: str, query: Content, document: Content | None) -> list[Message]:
    """The chat messages of one (instruction, query, document): the system message, then one user message whose parts
    are the instruction, the query and the document, on either side the picture before the text.

    They are rendered by the checkpoint's own chat template, with the generation prompt; the verdict is read from the
    logits of `YES` and `NO` at the last position. `document` None leaves its place empty, which shows what a query
    costs alone.
    """
    parts: list[Part] = [_text(INSTRUCTION_PREFIX + instruction), _text(QUERY_HEADING), *_sides(query)]
    parts.append(_text(DOCUMENT_HEADING))
    if document is not None:
        parts.extend(_sides(document))
    return [{"role": "system", "content": [_text(SYSTEM)]}, {"role": "user", "content": parts}]


def _sides(content: Content) -> Iterator[Part]:
    if content.image is not None:
        yield {"type": "image", "image": content.image}
    if content.text is not None:
        yield _text(content.text)


def _text(text: str) -> TextPart:
    return {"type": "text", "text": text}
