"""What stands behind a text's tokens is told from them, however a tokenizer pads."""

import numpy as np
import pytest

from indexer.padding import Padding

TEXT = [5, 6, 7]


def row(tokens, filler, length=12, tail=()):
    free = length - len(tokens) - len(tail)
    return [*tokens, *[filler] * free, *tail]


@pytest.mark.parametrize(
    ("begin", "end", "filler", "tail"),
    [
        pytest.param([1], [2], 0, [], id="clip"),
        pytest.param([], [1], 0, [], id="siglip 2"),
        pytest.param([], [1], 1, [], id="siglip, which pads with its end token"),
        pytest.param([1], [2], 0, [9], id="a class token behind the padding"),
    ],
)
def test_a_text_is_counted_with_its_special_tokens(begin, end, filler, tail):
    rows = np.array([row([*begin, *text, *end], filler, tail=tail) for text in ([5], [], TEXT, [5, filler, 5])])
    counted = Padding.of(rows[0], rows[1]).used(rows)
    around = len(begin) + len(end) + len(tail)
    assert counted == [around + 1, around, around + 3, around + 3]


@pytest.mark.parametrize(("end", "filler"), [(2, 0), (1, 1)])
def test_a_full_row_counts_as_full(end, filler):
    padding = Padding.of(np.array(row([5, end], filler)), np.array(row([end], filler)))
    assert padding.used(np.array([[5] * 11 + [end]])) == [12]
