"""How much of a text is shown to a tokenizer that reads its beginning only. Knows no tokenizer."""

import re
from collections.abc import Callable
from typing import Final

import torch

from indexer.padding import Padding

_LIKELY_CHARACTERS: Final = 8  # of a token; where they are more, the tokenizer is shown more
_MOST_CHARACTERS: Final = 64  # of a token


def beginning(text: str, characters: int, longest_word: int) -> str:
    """At most so many characters of the text, up to the end of a word where one ends in their second half, and of each
    word no more than `longest_word`: the time of some tokenizers grows with the square of a word's length."""
    start = text[:characters]
    if len(start) < len(text):
        words = start.rsplit(None, 1)
        start = words[0] if len(words) == 2 and 2 * len(words[0]) >= characters else start
    return re.sub(rf"(\S{{{longest_word}}})\S+", r"\1", start) if len(start) > longest_word else start


def tokens_of_beginnings(
    texts: list[str], tokens_of: Callable[[list[str]], torch.Tensor], padding: Padding, width: int
) -> torch.Tensor:
    """`tokens_of(texts)`, (n, width), from no more characters of each than fill its row.

    The same as of all of it, but for words of hundreds of characters at the end of what fills the row, and for what a
    tokenizer mends by what stands far behind (ftfy judges broken encodings by the line).
    """
    reach, longest = _LIKELY_CHARACTERS * width, _MOST_CHARACTERS * width
    tokens = tokens_of([beginning(text, reach, longest) for text in texts])
    while any(len(text) > reach for text in texts):
        counts = padding.used(tokens.numpy())
        rows = enumerate(zip(texts, counts, strict=True))
        lacking = [row for row, (text, count) in rows if len(text) > reach and count < width]
        if not lacking:
            break
        reach *= 4
        tokens[lacking] = tokens_of([beginning(texts[row], reach, longest) for row in lacking])
    return tokens
