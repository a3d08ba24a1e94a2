"""The foreign queries are many, all different, in the language they say, tell nothing that the catalogue sells, and
share nothing with the nonsense of the training."""

import re

import pytest

from demo.catalogue.vocabulary import BACKGROUNDS, COLOURS, COUNTS, LANGUAGES, MORE_COLOURS, PATTERNS, SHAPES
from demo.training.foreign import _KNOWN, _SIGNS
from evaluation.demo.foreign_queries import EVERYDAY, FOREIGN_QUERIES, HALF_KNOWN

CHINESE = re.compile(r"[\u4e00-\u9fff]")
LATIN = re.compile(r"[A-Za-z]")
EVERYTHING = [query for queries in FOREIGN_QUERIES.values() for query in queries]
WORDS = [*SHAPES.values(), *COLOURS.values(), *PATTERNS.values(), *COUNTS.values(), *BACKGROUNDS.values()]


def names(query, words):
    """Whether the query names one of these nouns or colours, in either language."""
    english = {form for word in words for form in (word.en, getattr(word, "plural", word.en))}
    return bool(english & set(re.findall(r"[a-z]+", query.lower()))) or any(word.zh in query for word in words)


def test_there_are_at_least_a_hundred_of_them_all_different():
    assert len(EVERYTHING) == len(set(EVERYTHING)) >= 100
    assert set(FOREIGN_QUERIES) == set(LANGUAGES)
    assert all(len(FOREIGN_QUERIES[language]) >= 30 for language in LANGUAGES)


def test_each_is_in_its_language():
    assert not any(CHINESE.search(query) for query in FOREIGN_QUERIES["en"])
    assert all(CHINESE.search(query) for query in FOREIGN_QUERIES["zh"])
    assert all(CHINESE.search(query) and LATIN.search(query) for query in FOREIGN_QUERIES["mixed"])


def test_a_good_part_of_each_language_is_half_known():
    for language in LANGUAGES:
        assert len(HALF_KNOWN[language]) >= len(FOREIGN_QUERIES[language]) / 4
        assert set(FOREIGN_QUERIES[language]) == {*EVERYDAY[language], *HALF_KNOWN[language]}
        known = [*SHAPES.values(), *COLOURS.values(), *MORE_COLOURS.values()]
        assert all(names(query, known) for query in HALF_KNOWN[language])


@pytest.mark.parametrize("query", EVERYTHING)
def test_none_names_a_product_of_the_shop_but_in_colours_that_it_does_not_sell(query):
    without = query
    for colour in MORE_COLOURS.values():
        without = without.replace(colour.zh, "")  # one of these ends in the name of a colour that is sold
    if names(query, SHAPES.values()):
        assert names(query, MORE_COLOURS.values())
        assert not names(without, COLOURS.values())


def test_none_has_a_sign_or_a_foreign_word_of_the_nonsense_in_training():
    own = {sign for word in WORDS for sign in word.zh}
    foreign_signs = set(_SIGNS) - own
    assert len(foreign_signs) > 30
    assert not [query for query in EVERYTHING if foreign_signs & set(query)]
    uncaptioned = {"cat", "图片"}
    assert uncaptioned <= set(_KNOWN)
    assert not [query for query in EVERYTHING if re.search(r"\bcats?\b|图片", query, re.IGNORECASE)]
