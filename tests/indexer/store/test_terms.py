"""How text is spelt for comparison, and what of it is looked up."""

import pytest

from indexer.store.terms import folded, index_words, query_terms


@pytest.mark.parametrize(
    ("text", "spelt"),
    [
        ("ＡＢＣ－１２", "abc-12"),
        ("Straße", "strasse"),
        ("Crème brûlée", "creme brulee"),
        ("İSTANBUL", "istanbul"),
        ("ｶﾞｽ", "ガス"),
        ("한국어", "한국어"),
        ("㎏ ﬁsh ①", "kg fish 1"),
        ("a\t b\r\n\u3000c\0d\u200be", "a b c d e"),
        ("co\u00adop\u200d", "coop"),
        ("\ud800x", "x"),
        ("", ""),
    ],
)
def test_one_spelling_for_what_a_reader_takes_for_the_same(text, spelt):
    assert folded(text) == spelt
    assert folded(spelt) == spelt


@pytest.mark.parametrize(
    ("spelt", "words"),
    [
        ("a red, red mug.", "a red mug"),
        ("保温杯", "保 温 杯 保温 温杯"),
        ("a4纸", "a4 a 4 纸"),
        ("xj-900/b", "xj 900 b"),
        ("500ml", "500ml 500 ml"),
        ("snake_case", "snake case"),
        ("हिन्दी", "हिन्दी"),
        ("🎉 ok", "🎉 ok"),
        ("20° × 3", "20 3"),
        ("x" * 70, "x" * 64),
        ("?! -- «»", ""),
    ],
)
def test_words_that_are_indexed(spelt, words):
    assert index_words(spelt) == words


@pytest.mark.parametrize(
    ("query", "words", "pieces"),
    [
        ("XJ-900/B", ("xj", "900", "b"), ("xj-900/b", "900")),
        ("“Red mugs”, cheap!", ("red", "mugs", "cheap"), ("red", "mugs", "cheap")),
        ("保温杯", ("保温", "温杯"), ("保温杯",)),
        ("杯", ("杯",), ()),
        ("1,299.00", ("1", "299", "00"), ("1,299.00", "299")),
        ("c++", ("c",), ("c++",)),
        ("***", (), ()),
    ],
)
def test_what_a_query_looks_up(query, words, pieces):
    terms = query_terms(query)
    assert (terms.words, terms.pieces) == (words, pieces)


@pytest.mark.parametrize("query", ["保温" * 5000, " ".join(f"w{n}" for n in range(5000)), "-x" * 5000, "ab" * 5000])
def test_a_query_has_at_most_64_terms_of_each_kind_none_longer_than_64_characters(query):
    terms = query_terms(query)
    assert 1 <= len(terms.words) <= 64
    assert 1 <= len(terms.pieces) <= 64
    assert max(map(len, (*terms.words, *terms.pieces))) <= 64
