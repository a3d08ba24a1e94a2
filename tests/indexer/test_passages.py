"""Long texts become passages that the encoder reads whole: nothing is lost, nothing is cut that need not be."""

import random
import time
import unicodedata
from itertools import pairwise
from pathlib import Path

import pytest
from support.tiny_open_clip import make_tiny_open_clip
from support.toy_encoder import ToyEncoder

from content.errors import InvalidInput
from indexer import passages
from indexer.encoder import OpenClipEncoder
from indexer.passages import split

DEMO = Path(__file__).parents[2] / "demo" / "models" / "encoder"
PROSE = " ".join(f"Sentence {n} tells about the number {n}.5, and about little else." for n in range(60))
CHINESE = (
    "今天天气很好，我们去公园散步。公园里有很多人！他们在放风筝；孩子们在跑步……他问：“你好吗？”圆周率是3.14吧。" * 8
)
HOSTILE = {
    "prose": PROSE,
    "chinese": CHINESE,
    "mixed": "The cup is red. 杯子是红色的。It costs 3.14 euros! 价格是9元……\n\n" * 9,
    "code": Path(passages.__file__).read_text(),
    "a word without an end": "mug" * 700,
    "chinese without an end": "今天天气很好我们去公园散步" * 40,
    "words without an end": "red green blue " * 120,
    "lines": "\n".join(f"line {n} of a list" for n in range(90)),
    "white space": "a" + " \n\t" * 4000 + "b",
    "line ends": "\r\n" * 3000 + "end",
    "dots": "." * 900 + " and " + "…" * 900,
    "signs of many characters": "\U0001f469‍\U0001f469‍\U0001f467" * 50 + "\U0001f1e9\U0001f1ea" * 90,
    "accents": "e\u0301" * 300 + "a" + "\u0301" * 500,
    "null": "a\0b " * 200,
}


@pytest.fixture(scope="module", params=["toy", "clip", "demo"])
def encoder(request, tmp_path_factory):
    if request.param == "toy":
        return ToyEncoder()
    folder = DEMO if request.param == "demo" else make_tiny_open_clip(tmp_path_factory.mktemp("encoder"))
    return OpenClipEncoder.from_pretrained(str(folder), device="cpu")


@pytest.fixture
def toy():
    return ToyEncoder()


def told(text, encoder):
    return [text[start:stop] for start, stop in split(text, encoder)]


def check(text, encoder):
    """What holds for the passages of any text."""
    spans = split(text, encoder)
    assert spans == split(text, encoder)
    assert all(earlier[0] < later[0] and earlier[1] < later[1] for earlier, later in pairwise(spans))
    found = {place for span in spans for place in range(*span)}
    assert not [place for place, character in enumerate(text) if not character.isspace() and place not in found]
    words = [text[start:stop] for start, stop in spans]
    assert all(word.strip() for word in words)
    if len(spans) > 1:
        assert max(encoder.count_tokens(words)) < encoder.max_text_tokens
        shared = [text[later[0] : earlier[1]] for earlier, later in pairwise(spans)]
        assert max(encoder.count_tokens(shared)) - encoder.count_tokens([""])[0] <= encoder.max_text_tokens / 4


@pytest.mark.parametrize("name", HOSTILE)
def test_passages_hold_all_of_a_text_and_are_read_whole(encoder, name):
    check(HOSTILE[name], encoder)


def test_passages_of_any_mixture_hold_all_of_it(encoder):
    chance = random.Random(5)
    alphabet = [
        *" \n\t.!?,;:'…。！？；，、：",
        "word",
        "3.14",
        "红",
        "色",
        "é",
        "e\u0301",
        "\U0001f9f6",
        "\u200d",
        "a" * 40,
    ]
    for _ in range(15):
        check("".join(chance.choices(alphabet, k=chance.randrange(400))), encoder)


@pytest.mark.parametrize("text", ["a red mug", " two lines \n of text ", "红色的杯子。"])
def test_a_short_text_is_one_passage(encoder, text):
    assert split(text, encoder) == [(0, len(text))]


@pytest.mark.parametrize("text", ["", " ", "\n\n\t", " " * 100_000])
def test_nothing_has_no_passages(encoder, text):
    assert split(text, encoder) == []


def test_passages_end_with_sentences(toy):
    assert all(words.endswith("little else.") for words in told(PROSE, toy))
    assert told("One two three v2.0 five six. Is 3.14 nine ten? Eleven " + "twelve " * 9, toy)[0] == (
        "One two three v2.0 five six. Is 3.14 nine ten?"
    )


def test_passages_begin_with_the_sentence_before(toy):
    short = [f"This is number {number}." for number in range(1, 9)]
    first, second, *_ = told(" ".join(short), ToyEncoder(max_text_tokens=20))
    assert first == "This is number 1. This is number 2. This is number 3. This is number 4."
    assert second.startswith("This is number 4. This is number 5.")


def test_of_a_long_sentence_the_end_is_told_again_from_a_word_on(toy):
    first, second, *_ = told(PROSE, toy)
    again = first[-30:]
    tail = next(again[place:] for place in range(30) if second.startswith(again[place:]))
    assert first.split()[-len(tail.split()) :] == tail.split()


def test_chinese_needs_no_spaces():
    demo = OpenClipEncoder.from_pretrained(str(DEMO), device="cpu")
    ends = {words[-1] for words in told("杯子是红的。书包是蓝的！灯是绿的？椅子是黄的；钟是圆的……" * 6, demo)}
    assert ends <= set("。！？；…")


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("one two three four, " * 8, ","),
        ("one two three four\n" * 8, "four"),
        ("一二三 四五六，七八九 " * 12, "，"),
        ("word " * 40, "word"),
    ],
)
def test_a_long_sentence_is_cut_at_the_best_place_there_is(toy, text, end):
    *cut, _ = told(text, toy)
    assert cut
    assert all(words.endswith(end) for words in cut)


def test_a_blank_line_ends_a_sentence(toy):
    heading, *_ = told(
        "A heading of four words\n\n" + "And a sentence that fills what one passage can hold here. " * 3, toy
    )
    assert heading == "A heading of four words"


def test_no_sign_is_parted(encoder):
    family, flag, letter = "\U0001f469‍\U0001f469‍\U0001f467", "\U0001f1e9\U0001f1ea", "e\u0301"
    for sign in (flag, letter) if encoder.max_text_tokens < 30 else (family, flag, letter):
        assert {len(words) % len(sign) for words in told(sign * 300, encoder)} == {0}, unicodedata.name(sign[0])


def test_a_text_of_a_megabyte_takes_seconds(toy):
    for text in (PROSE * 240, "." * 10**6, "\n " * 500_000 + "x", "a" * 10**6, "\U0001f1e9" * 10**6, "\u0301" * 10**6):
        started = time.perf_counter()
        assert split(text, toy)
        assert time.perf_counter() - started < 20  # a square of it would be hours


def test_a_text_of_too_many_passages_is_refused_with_figures(toy, monkeypatch):
    monkeypatch.setattr(passages, "MAX_PASSAGES", 50)
    with pytest.raises(InvalidInput, match=r"has 38,190 characters, .* at least \d+ passages") as caught:
        split(PROSE * 10, toy)
    assert caught.value.param == "text"
