"""One request's instruction and query, to which each document is added to make a prompt. Knows tokens, but no model."""

import re
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from transformers import Qwen2_5_VLProcessor

from content import Content
from content.errors import InvalidInput
from reranker.pictures import Picture, PictureReader
from reranker.prompt import messages

MAX_TOKENS = 3200  # model card; pictures included


@dataclass(frozen=True, slots=True, eq=False)
class Prompt:
    """One (instruction, query, document), ready to be judged.

    input_ids: (length,) int64; a picture's place is held by as many picture tokens as it takes. pictures: in the order
    of their places. truncated: the document's text was cut to fit.
    """

    input_ids: Tensor
    pictures: tuple[Picture, ...]
    truncated: bool = False

    def __len__(self) -> int:
        return len(self.input_ids)


class PromptWriter:
    """Renders and tokenises prompts by a checkpoint's own chat template and tokenizer; safe in several threads.

    max_tokens: the longest prompt that may be written.
    """

    def __init__(self, processor: Qwen2_5_VLProcessor, pictures: PictureReader, max_tokens: int = MAX_TOKENS) -> None:
        self._processor = processor
        self._pictures = pictures
        self.tokenizer = processor.tokenizer
        self.max_tokens = max_tokens
        # A text of more characters than this is over the limit whatever it says; what follows need not be tokenised.
        self._max_characters = max_tokens * max(map(len, self.tokenizer.get_vocab()))
        # Those that the tokenizer cuts out of a text; `all_special_tokens` has only those that its config names too.
        added = self.tokenizer.added_tokens_decoder.values()
        special = sorted((token.content for token in added if token.special), key=len, reverse=True)
        self._special = re.compile("|".join(map(re.escape, special)))

    def pictures(self, content: Content) -> tuple[Picture, ...]:
        """The picture of a content, if it has one. Raises InvalidInput for one that cannot be read by the model."""
        return () if content.image is None else (self._pictures.measure(content.image),)

    def plain(self, text: str) -> str:
        """`text` as the model may see it: no longer than it could read, and without special tokens.

        A special token that is spelt out in a text (`<|im_end|>`) would end the message or stand for a picture, and let
        a document write its own verdict; a blank breaks it up.
        """
        return self._special.sub(lambda found: f"{found[0][0]} {found[0][1:]}", text[: self._max_characters])

    def write(
        self, instruction: str, query: Content, document: Content | None, pictures: tuple[Picture, ...]
    ) -> list[int]:
        """The tokens of the whole prompt, however many. pictures: the query's and the document's."""
        chat: Any = messages(instruction, query, document)  # transformers declares its messages too narrowly
        rendered: str = self._processor.apply_chat_template(chat, tokenize=False, add_generation_prompt=True)
        token = self._processor.image_token
        first, *rest = rendered.split(token)
        filled = first + "".join(token * picture.tokens + text for picture, text in zip(pictures, rest, strict=True))
        return list(self.tokenizer(filled, verbose=False)["input_ids"])

    def token_starts(self, text: str) -> list[int]:
        """Where in `text` each of its tokens begins, in characters."""
        encoded = self.tokenizer(text, add_special_tokens=False, return_offsets_mapping=True, verbose=False)
        return [start for start, _ in encoded["offset_mapping"]]


class Request:
    """An instruction and a query, waiting for documents.

    Raises InvalidInput, with `param` "query" or "query.image", when they cannot be read or leave no room.
    """

    def __init__(self, writer: PromptWriter, instruction: str, query: Content) -> None:
        self._writer = writer
        self._instruction = writer.plain(instruction)
        self._query = self._plain(query)
        try:
            self._pictures = writer.pictures(query)
        except InvalidInput as error:
            raise InvalidInput(error.message, param="query.image") from error
        self._length = len(writer.write(self._instruction, self._query, None, self._pictures))
        if self._length >= writer.max_tokens:
            raise InvalidInput(
                f"the query takes {self._length:,} tokens with its instruction and the prompt around it, and the model "
                f"reads {writer.max_tokens:,} together with a document; shorten the query or the instruction",
                param="query",
            )

    def prompt(self, document: Content) -> Prompt:
        """The prompt with `document`, whose text is cut at the end where it is too long.

        Raises InvalidInput for a picture that cannot be read or leaves no room for anything else.
        """
        pictures = self._pictures + self._writer.pictures(document)
        plain = self._plain(document)
        tokens = self._tokens(plain, pictures)
        excess = len(tokens) - self._writer.max_tokens
        if excess > 0:
            tokens = self._cut(plain, pictures, excess)
        return Prompt(torch.tensor(tokens), pictures, truncated=excess > 0)

    def _cut(self, document: Content, pictures: tuple[Picture, ...], excess: int) -> list[int]:
        """The tokens of the prompt with as much of the document's text as fits."""
        text = document.text or ""
        starts = self._writer.token_starts(text)
        keep = len(starts)
        while keep > 0:
            # One round as a rule: only where the cut changes how the last word is tokenised, another.
            keep = max(keep - excess, 0)
            text = text[: starts[keep]]
            if not text.strip() and document.image is None:
                break
            tokens = self._tokens(Content(text, document.image), pictures)
            excess = len(tokens) - self._writer.max_tokens
            if excess <= 0:
                return tokens
        raise InvalidInput(
            f"the query takes {self._length:,} tokens, and the model reads {self._writer.max_tokens:,} together with "
            "the document, which leaves no room for this one"
        )

    def _tokens(self, document: Content, pictures: tuple[Picture, ...]) -> list[int]:
        return self._writer.write(self._instruction, self._query, document, pictures)

    def _plain(self, content: Content) -> Content:
        return content if content.text is None else Content(self._writer.plain(content.text), content.image)
