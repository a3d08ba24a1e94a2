"""Of a long text the tokenizer is shown what fills its row, and gives the same tokens as for all of it."""

import random
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.tiny_open_clip import make_tiny_open_clip

from indexer.beginnings import beginning
from indexer.encoder import OpenClipEncoder

SOME = random.Random(1)
PIECES = st.sampled_from(
    [
        "a red mug",
        "internationalisation",
        "!",
        "?! ",
        "\n\n",
        "杯子在桌上",
        "日本語のテキスト、",
        "😀",
        "👩‍👩‍👧",
        "é",
        "3.14",
        "<b>",
        "&amp;",
        "x" * 70,
    ]
)
TEXTS = st.lists(
    st.tuples(PIECES, st.sampled_from(["", " ", " " * 50, "\n", " " * 3000]), st.integers(1, 300)), max_size=5
)


@pytest.fixture(scope="module")
def encoder(tmp_path_factory):
    return OpenClipEncoder.from_pretrained(str(make_tiny_open_clip(tmp_path_factory.mktemp("model"))), device="cpu")


@pytest.fixture(scope="module")
def tokenizers(encoder):
    return encoder, encoder._tokenizer


@settings(deadline=None, max_examples=50)
@given(parts=TEXTS)
def test_the_tokens_are_those_of_the_whole_text(tokenizers, parts):
    encoder, tokenizer = tokenizers
    text = "".join((piece + space) * count for piece, space, count in parts)
    assert encoder._beginnings([text, "short"]).equal(tokenizer([text, "short"]))


@pytest.mark.parametrize("alphabet", ["abcdefghijklmnop", "杯子在桌上日本語", "aé😀-"])
def test_a_word_without_end_costs_no_time(tokenizers, alphabet):
    """Some tokenizers take time with the square of a word: half a minute for 60,000 characters."""
    encoder, tokenizer = tokenizers
    word = "".join(SOME.choice(alphabet) for _ in range(60_000))
    begin = time.process_time()
    tokens = encoder._beginnings([word, " " * 5_000 + word])
    assert time.process_time() - begin < 4
    assert tokens.equal(tokenizer([word[:3_000]] * 2))


def test_vectors_and_counts_are_of_the_beginning(encoder):
    text = "a red mug " * 100_000
    assert encoder.count_tokens([text]) == [encoder.max_text_tokens]
    assert (encoder.encode_texts([text]) == encoder.encode_texts([text[:5_000]])).all()


def test_a_beginning_ends_with_a_word_where_one_ends_near():
    assert beginning("one two three", 9, 100) == "one two"
    assert beginning("one two three", 100, 100) == "one two three"
    assert beginning("a " + "b" * 50, 10, 100) == "a bbbbbbbb"
    assert beginning("a bbbbbb cc", 100, 3) == "a bbb cc"
    assert beginning(" " * 50 + "a", 10, 100) == " " * 10
