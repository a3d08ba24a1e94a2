"""The foreign queries are many, all different, in the language they say, and tell nothing that the catalogue sells."""

import re

from demo.catalogue.vocabulary import COLOURS, LANGUAGES, SHAPES
from evaluation.foreign_queries import FOREIGN

CHINESE = re.compile(r"[\u4e00-\u9fff]")
LATIN = re.compile(r"[A-Za-z]")


def test_there_are_at_least_a_hundred_of_them_all_different():
    everything = [query for queries in FOREIGN.values() for query in queries]
    assert len(everything) == len(set(everything)) >= 100
    assert set(FOREIGN) == set(LANGUAGES)


def test_each_is_in_its_language():
    assert not any(CHINESE.search(query) for query in FOREIGN["en"])
    assert all(CHINESE.search(query) for query in FOREIGN["zh"])
    assert all(CHINESE.search(query) and LATIN.search(query) for query in FOREIGN["mixed"])


def test_none_names_a_product_in_a_colour_of_the_shop():
    for query in [query for queries in FOREIGN.values() for query in queries]:
        for shape in SHAPES.values():
            for colour in COLOURS.values():
                assert not re.search(rf"\b{colour.en} (\w+ )?({shape.en}|{shape.plural})\b", query)
                assert colour.zh + shape.zh not in query
