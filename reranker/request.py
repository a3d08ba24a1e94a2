"""One request's instruction and query, to which each document is added to make a prompt. Knows tokens, but no model."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from content import Content
from content.errors import InvalidInput
from reranker.pictures import Picture, PictureReader
from reranker.writer import PromptWriter


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Prefix:
    """What the prompts of a request begin with: system, instruction, query. input_ids: (length,) int64. pictures: the
    query's. One object serves all prompts of its request."""

    input_ids: Tensor
    pictures: tuple[Picture, ...]

    def __len__(self) -> int:
        return len(self.input_ids)


@dataclass(frozen=True, slots=True, eq=False)
class Prompt:
    """One (instruction, query, document), ready to be judged.

    input_ids: (length,) int64, the prefix at their head; a picture's place is held by as many picture tokens as it
    takes. pictures: in the order of their places, the prefix's first. truncated: the document's text was cut to fit.
    """

    input_ids: Tensor
    pictures: tuple[Picture, ...]
    prefix: Prefix
    truncated: bool = False

    def __len__(self) -> int:
        return len(self.input_ids)

    @property
    def own_ids(self) -> Tensor:
        """(at least 1,) int64: what follows the prefix."""
        return self.input_ids[len(self.prefix) :]

    @property
    def own_pictures(self) -> tuple[Picture, ...]:
        return self.pictures[len(self.prefix.pictures) :]


@dataclass(frozen=True, slots=True)
class _Cut:
    """A prompt with a piece of a document's text. before, behind: the tokens of the text that were left out."""

    tokens: list[int]
    before: int
    behind: int


_LIKELY_CHARACTERS = 8  # of a token
_SURE = 64  # tokens of a text's piece whose end may be tokenised otherwise than in the text
# Documents whose prompts part where those of any others do: tokenizers may join the heading's colon with what follows.
_PROBES = (Content("a"), Content("0"), Content(":"), Content("\na"), Content("中"))


class Request:
    """An instruction and a query, waiting for documents.

    pictures: measures those of documents; None as the writer does, which measures the query's.
    Raises InvalidInput, with `param` "query" or "query.image", when they cannot be read or leave no room.
    """

    def __init__(
        self, writer: PromptWriter, instruction: str, query: Content, pictures: PictureReader | None = None
    ) -> None:
        self._writer = writer
        self._reader = pictures
        self._instruction = writer.plain(instruction)
        self._query = self._plain(query)
        try:
            self._pictures = writer.pictures(query)
        except InvalidInput as error:
            raise InvalidInput(error.message, param="query.image") from error
        empty = writer.write(self._instruction, self._query, None, self._pictures)
        self._length = len(empty)
        if self._length >= writer.max_tokens:
            raise InvalidInput(
                f"the query takes {self._length:,} tokens with its instruction and the prompt around it, and the model "
                f"reads {writer.max_tokens:,} together with a document; shorten the query or the instruction",
                param="query",
            )
        shared = min(_in_common(empty, self._tokens(probe, self._pictures)) for probe in _PROBES)
        self._head = empty[:shared]
        self._prefixes: dict[int, Prefix] = {}

    def prompt(self, document: Content) -> Prompt:
        """The prompt with `document`. Where its text is too long, what is left of it is its focus and what stands next
        to that, as much on either side as fits, or its beginning where it has no focus.

        Raises InvalidInput for a picture that cannot be read or leaves no room for anything else.
        """
        pictures = self._pictures + self._writer.pictures(document, self._reader)
        tokens = self._near(document, pictures)
        truncated = tokens is not None
        if tokens is None:
            plain = self._plain(document)
            tokens = self._tokens(plain, pictures)
            excess = len(tokens) - self._writer.max_tokens
            truncated = excess > 0
            if truncated:
                tokens = self._cut(plain, pictures, excess).tokens
        return Prompt(torch.tensor(tokens), pictures, self._prefix(tokens), truncated)

    def _prefix(self, tokens: list[int]) -> Prefix:
        """The prefix that `tokens` begin with: as a rule the whole one. It is shorter where a tokenizer joins the end
        of the prefix with the document, yet never without the query's pictures, which stand far from that place."""
        shared = _in_common(self._head, tokens)
        if shared not in self._prefixes:
            self._prefixes[shared] = Prefix(torch.tensor(self._head[:shared]), self._pictures)
        return self._prefixes[shared]

    def _near(self, document: Content, pictures: tuple[Picture, ...]) -> list[int] | None:
        """The tokens of the prompt where the text near the focus shows that the rest is not read; None where all of it
        has to be looked at. To tokenise all that could be read, were each word as long as words can be, takes seconds.
        """
        text, start = document.text or "", (document.focus or (0, 0))[0]
        reach = _LIKELY_CHARACTERS * self._writer.max_tokens
        more_before, more_behind = start > reach, start + reach < len(text)
        if not (more_before or more_behind) or not text[max(0, start - reach) : start + reach].strip():
            return None
        near = self._plain(document, reach)
        tokens = self._tokens(near, pictures)
        excess = len(tokens) - self._writer.max_tokens
        if excess <= 0:
            return None
        cut = self._cut(near, pictures, excess)
        lacking = (more_before and cut.before < _SURE) or (more_behind and cut.behind < _SURE)
        return None if lacking else cut.tokens

    def _cut(self, document: Content, pictures: tuple[Picture, ...], excess: int) -> "_Cut":
        """The prompt with as much of the document's text as fits."""
        text = document.text or ""
        starts = self._writer.token_starts(text)
        room = count = len(starts)
        starts = [0, *starts[1:], len(text)]
        focus = _tokens_of(document.focus or (0, 0), starts[:-1])
        while room > 0:
            # One round as a rule: only where the cut changes how a word at its ends is tokenised, another.
            room = max(room - excess, 0)
            first = _first_kept(focus, room, count)
            kept = text[starts[first] : starts[first + room]]
            if not kept.strip() and document.image is None:
                break
            tokens = self._tokens(Content(kept, document.image), pictures)
            excess = len(tokens) - self._writer.max_tokens
            if excess <= 0:
                return _Cut(tokens, before=first, behind=count - first - room)
        raise InvalidInput(
            f"the query takes {self._length:,} tokens, and the model reads {self._writer.max_tokens:,} together with "
            "the document, which leaves no room for this one"
        )

    def _tokens(self, document: Content, pictures: tuple[Picture, ...]) -> list[int]:
        return self._writer.write(self._instruction, self._query, document, pictures)

    def _plain(self, content: Content, reach: int | None = None) -> Content:
        """reach: the characters on either side of the focus that are looked at; None means all that can be read."""
        if content.text is None:
            return content
        if content.focus is None:
            return Content(self._writer.plain(content.text[:reach]), content.image)
        text, focus = self._writer.plain_around(content.text, content.focus, reach)
        return Content(text, content.image, focus)


def _tokens_of(focus: tuple[int, int], starts: Sequence[int]) -> tuple[int, int]:
    """The tokens [first, last) that the characters of the focus lie in. starts: where each token begins."""
    first = bisect_left(starts, starts[max(0, bisect_right(starts, focus[0]) - 1)])  # some begin at one character
    return first, max(first, bisect_left(starts, focus[1]))


def _first_kept(focus: tuple[int, int], room: int, count: int) -> int:
    """The first of `room` tokens, of `count`, with the focus in their middle; what one side lacks, the other gets. They
    begin with the focus where it is longer than they are."""
    spare = room - (focus[1] - focus[0])
    return focus[0] if spare < 0 else min(max(focus[0] - spare // 2, 0), count - room)


def _in_common(one: list[int], other: list[int]) -> int:
    """How many tokens both begin with."""
    for place, (left, right) in enumerate(zip(one, other, strict=False)):
        if left != right:
            return place
    return min(len(one), len(other))
