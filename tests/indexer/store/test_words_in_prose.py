"""Rare words and numbers find the passage of real prose that they stand in: the tables of words alone."""

from itertools import islice

import pytest
from support.prose import known_items, passages
from support.word_tables import empty_word_tables

from indexer.store.words import add_words, ranked_rows


@pytest.mark.slow
def test_rare_words_and_numbers_find_their_passage_among_real_prose():
    pool = passages()
    assert len(pool) >= 2000
    connection = empty_word_tables()
    add_words(connection, enumerate(pool))
    queries = known_items(pool)
    found = [[row for row, _ in islice(ranked_rows(connection, one.query), 10)] for one in queries]
    recalled = sum(one.answer in rows for one, rows in zip(queries, found, strict=True))
    assert recalled / len(queries) >= 0.95
