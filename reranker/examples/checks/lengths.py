"""Examples that are longer than the model reads, counted by a tokenizer or estimated without one. Knows none itself.

A tokenizer of bytes never makes more tokens than there are bytes, so most examples fit without being counted. Beyond
that the estimate is one token for four bytes of UTF-8, which is near for English and Chinese with Qwen's tokenizer;
digits and code take more tokens. Pictures are counted by their size in pixels.
"""

from collections.abc import Callable, Iterator
from typing import Final

from reranker.examples.checks.finding import Finding
from reranker.examples.checks.kinds import QUERY_TOO_LONG, TOO_LONG
from reranker.examples.checks.row import Judged, Row
from reranker.examples.checks.sides import SideFacts
from reranker.examples.example import Example
from reranker.prompt import MAX_TOKENS

Count = Callable[[Example, bool], int]
"""The tokens of the prompt of an example; without its document, where that is asked for by False."""

BYTES: Final = 4  # of a token, by estimate
AROUND: Final = 600  # bytes at most of the prompt around the texts, a default instruction included
AROUND_TOKENS: Final = 80


class Lengths:
    """most: tokens of a prompt. count: None estimates."""

    def __init__(self, count: Count | None = None, most: int = MAX_TOKENS) -> None:
        self._count = count
        self._most = most

    def see(self, row: Row) -> Iterator[Finding]:
        if row.instruction is None or row.query is None:
            return
        size, pictures = row.instruction.size + row.query.size, _tokens(row.query)
        told = False  # of a group, once
        for place, one in enumerate(row.judged):
            all_bytes, all_pictures = size + one.document.size, pictures + _tokens(one.document)
            if all_bytes + AROUND + all_pictures <= self._most:
                continue
            example = row.examples[place] if row.examples else None
            alone = self._tokens(example, size, pictures, False)
            if alone >= self._most and not told:
                told = True
                yield Finding(QUERY_TOO_LONG, row.line, f"instruction and query take {self._told(alone)}", "query")
            elif not told:
                yield from self._whole(row, one, self._tokens(example, all_bytes, all_pictures, True))

    def _whole(self, row: Row, one: Judged, tokens: int) -> Iterator[Finding]:
        if tokens > self._most:
            yield Finding(TOO_LONG, row.line, f"the example takes {self._told(tokens)}; its text is cut", one.field)

    def _tokens(self, example: Example | None, size: int, pictures: int, document: bool) -> int:
        if self._count is not None and example is not None:
            return self._count(example, document)
        return size // BYTES + AROUND_TOKENS + pictures

    def _told(self, tokens: int) -> str:
        if self._count is not None:
            return f"{tokens:,} tokens, and the model reads {self._most:,}"
        return f"about {tokens:,} tokens, and the model reads {self._most:,} (an estimate; `--model` counts them)"


def _tokens(side: SideFacts) -> int:
    return 0 if side.picture is None else side.picture.tokens
