"""The order of rows against plain BM25, and how common words are kept from reading everything."""

import random
from collections import Counter
from math import log
from sqlite3 import Connection

import pytest
from support.word_tables import empty_word_tables

from indexer.store.terms import folded, index_words
from indexer.store.word_lookup import RowFilter
from indexer.store.word_ranking import ranked_rows
from indexer.store.words import add_words

COMMON_ROWS = 30_000


def plain_bm25(bodies: dict[int, str], words: list[str], pieces: list[str]) -> dict[int, float]:
    """Robertson's formula with k1 = 1.2 and b = 0.75 over all bodies, every term counted once in a row."""
    lengths = {row: max(len(folded(body)) - 2, 0) for row, body in bodies.items()}  # in trigrams
    average = sum(lengths.values()) / len(lengths)
    scores: Counter[int] = Counter()
    holders = [[row for row, body in bodies.items() if word in index_words(folded(body)).split()] for word in words]
    holders += [[row for row, body in bodies.items() if piece in folded(body)] for piece in pieces]
    for rows in holders:
        rarity = log(1 + (len(bodies) - len(rows) + 0.5) / (len(rows) + 0.5))
        for row in rows:
            scores[row] += rarity * 2.2 / (1 + 1.2 * (0.25 + 0.75 * lengths[row] / average))
    return dict(scores)


def test_scores_are_those_of_plain_bm25():
    generator = random.Random(7)
    vocabulary = ["mug", "smug", "steel", "杯", "保温", "保温杯", "XJ-900", "42", "red", "infrared", "of"]
    bodies = {
        row: " ".join(generator.choices(vocabulary, k=generator.randint(1, 12))) for row in range(-200, 200) if row
    }
    connection = empty_word_tables()
    add_words(connection, bodies.items())
    expected = plain_bm25(bodies, ["mug", "xj", "900", "保温", "温杯"], ["mug", "xj-900", "900", "保温杯"])
    found = dict(ranked_rows(connection, "mug XJ-900 保温杯"))
    assert found == pytest.approx(expected)
    assert list(found) == sorted(found, key=lambda row: -found[row])


@pytest.fixture(scope="module")
def common() -> Connection:
    """30,000 rows of steel things, three of which are copper too; every third is a smartphone, every second a 手机."""
    connection = empty_word_tables()
    add_words(connection, ((n, common_body(n)) for n in range(1, COMMON_ROWS + 1)))
    return connection


def common_body(n: int) -> str:
    words = [
        "the steel",
        "smartphone" if n % 3 == 0 else "thing",
        "手机" if n % 2 else "",
        "copper" if n > 29_997 else "",
    ]
    return " ".join(words)


def test_a_common_word_counts_only_beside_a_rarer_one(common):
    assert sorted(row for row, _ in ranked_rows(common, "copper steel")) == [29_998, 29_999, 30_000]
    alone = dict(ranked_rows(common, "copper"))
    beside = dict(ranked_rows(common, "copper steel"))
    assert all(beside[row] > alone[row] for row in alone)


def test_a_query_of_one_common_word_is_answered_from_some_of_its_rows(common):
    for query in ("steel", "the", "机 steel"):
        assert 5_000 < len(list(ranked_rows(common, query))) <= 10_000


def test_rows_that_hold_all_common_words_come_before_those_that_hold_one(common):
    best = [row for row, _ in ranked_rows(common, "steel the smartphone")][:100]
    assert all(row % 3 == 0 for row in best)


def test_a_common_string_that_is_no_word_is_found(common):
    found = [row for row, _ in ranked_rows(common, "phone")]
    assert len(found) >= 1000
    assert all(row % 3 == 0 for row in found)


def test_the_best_rows_come_without_reading_the_rest(common):
    rows = ranked_rows(common, "smartphone 手机")
    assert next(rows)[0] % 6 == 3


def test_a_filter_leaves_a_common_word_its_rows(common):
    few = RowFilter(lambda rows: rows >= COMMON_ROWS - 99, 100 / COMMON_ROWS)
    for query in ("steel", "steel the", "phone smartphone", "the 手机"):
        everywhere = {row for row, _ in ranked_rows(common, query, few)}
        assert everywhere == {
            row
            for row in range(COMMON_ROWS - 99, COMMON_ROWS + 1)
            if set(query.split()) & set(common_body(row).split())
        }


def test_a_filter_takes_no_row_more_than_it_says(common):
    nothing = RowFilter(lambda rows: rows < 0, 0.001)
    assert list(ranked_rows(common, "steel copper smartphone", nothing)) == []
