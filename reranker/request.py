"""One request's instruction and query, to which each document is added to make a prompt. Knows tokens, but no model."""

from dataclasses import dataclass

import torch
from torch import Tensor

from content import Content
from content.errors import InvalidInput
from reranker.pictures import Picture
from reranker.writer import PromptWriter


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
