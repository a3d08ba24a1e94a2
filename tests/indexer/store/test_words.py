"""Rows found by their words: what is found, what is not, and in which order."""

import re
from collections.abc import Iterator
from sqlite3 import Connection

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.word_tables import empty_word_tables

from indexer.store.terms import folded
from indexer.store.words import add_words, count_word_rows, ranked_rows, remove_words

BOTTLE, SLIDE, PHONE, MIXED, PRICE, PARTY = 1, 2, -3, 4, 5, 6
BODIES = {
    BOTTLE: "不锈钢保温杯，红色",
    SLIDE: "2024年营收：同比增长",
    PHONE: "Model XJ-900/B smartphone",
    MIXED: "Café 手机壳 iPhone15 与 A4 纸 5G",
    PRICE: "costs 1,299.00 in total",
    PARTY: "for a birthday 🎉🍰",
}


@pytest.fixture
def connection() -> Iterator[Connection]:
    connection = empty_word_tables()
    add_words(connection, BODIES.items())
    yield connection
    connection.close()


def found(connection: Connection, query: str) -> list[int]:
    return [rowid for rowid, _ in ranked_rows(connection, query)]


def check_integrity(connection: Connection) -> None:
    """Raises sqlite3.DatabaseError where what an index holds is at odds with itself."""
    for table in ("trigrams", "words"):
        connection.execute(f"INSERT INTO {table} ({table}) VALUES ('integrity-check')")


@pytest.mark.parametrize(
    ("query", "row"),
    [
        ("不锈", BOTTLE),  # at the very beginning
        ("红色", BOTTLE),  # at the very end
        ("锈", BOTTLE),
        ("色", BOTTLE),
        ("不", BOTTLE),
        ("保温杯", BOTTLE),
        ("营收", SLIDE),
        ("2024年营收", SLIDE),
        ("增长", SLIDE),
        ("XJ-900/B", PHONE),
        ("xj", PHONE),
        ("900", PHONE),
        ("xj900b", PHONE),  # without its separators
        ("phone smart", PHONE),
        ("martpho", PHONE),
        ("cafe", MIXED),
        ("ＣＡＦÉ", MIXED),
        ("Cafe\u0301", MIXED),
        ("手机", MIXED),
        ("壳", MIXED),
        ("iphone 15", MIXED),
        ("a4", MIXED),
        ("Ａ４纸", MIXED),
        ("5g", MIXED),
        ("1,299.00", PRICE),
        ("1,299", PRICE),
        ("299", PRICE),
        ("１，２９９．００", PRICE),
        ("🍰", PARTY),
        ("🎉🍰", PARTY),
    ],
)
def test_words_of_any_length_and_script_are_found(connection, query, row):
    assert found(connection, query)[0] == row


@pytest.mark.parametrize(
    "query", ["", " \t\n", "*", '"', "\"'()[]{}^*:-+/\\?!", "。，、", "\0", "\ud800", "++", "\u0301"]
)
def test_a_query_without_words_finds_nothing(connection, query):
    assert found(connection, query) == []


@pytest.mark.parametrize("query", ["钢红", "xq-901/c", "zz", "🎂", "NEAR", "rowid", "body"])
def test_what_stands_nowhere_is_not_found(connection, query):
    assert found(connection, query) == []


@pytest.mark.parametrize(
    "query",
    [
        '"total', "total AND", "NOT total", "NEAR(total, 3)", "total*", "^total", "(total", "body:total", "total OR",
        "-total", "{body}:total", 'a"b"total', "total;--", "to\0tal total", "\ud800total",
        "total\n\r\ttotal", "'total'",
    ],
)  # fmt: skip
def test_nothing_in_a_query_is_an_operator(connection, query):
    assert found(connection, query)[0] == PRICE


def test_a_query_of_ten_thousand_characters_is_answered(connection):
    assert found(connection, "total " + "不锈钢" * 3000 + "x" * 1000)[:1] == [BOTTLE]
    assert PRICE in found(connection, "total " + "不锈钢" * 3000)
    assert found(connection, "q" * 10_000) == []


def test_words_are_found_across_ends_of_lines_and_behind_control_characters():
    connection = empty_word_tables()
    add_words(connection, [(1, "a steel\n  bottle"), (2, "lead\0pencil"), (3, "x" * 200), (4, "q\u00adu\u200diet")])
    assert found(connection, "steel-bottle steel bottle") == [1]
    assert found(connection, "pencil") == [2]
    assert found(connection, "x" * 150) == [3]
    assert found(connection, "quiet") == [4]


def test_the_rarer_word_wins():
    connection = empty_word_tables()
    add_words(connection, [(n, "a steel bottle") for n in range(1, 40)] + [(40, "a copper bottle"), (41, "steel")])
    assert found(connection, "copper steel")[0] == 40
    scores = dict(ranked_rows(connection, "copper steel"))
    assert scores[40] > scores[41] > scores[1] > 0


def test_the_row_with_more_of_the_words_wins_and_then_the_shorter():
    connection = empty_word_tables()
    add_words(
        connection,
        [
            (1, "red mug"),
            (2, "red"),
            (3, "red and some more that nobody has asked for, at quite some length"),
            (4, "a blue mug"),
        ],
    )
    assert found(connection, "red mug")[0] == 1
    assert found(connection, "red") == [2, 1, 3]


def test_a_whole_word_wins_against_its_letters_inside_another():
    connection = empty_word_tables()
    add_words(connection, [(1, "a catalogue"), (2, "the cat sat"), (3, "scatter")])
    assert found(connection, "cat")[0] == 2
    assert sorted(found(connection, "cat")) == [1, 2, 3]


def test_scores_descend_over_many_rows():
    connection = empty_word_tables()
    add_words(connection, [(n, "steel " * (n % 7 + 1) + "bottle " * (n % 3)) for n in range(1, 5000)])
    scores = [score for _, score in ranked_rows(connection, "steel bottle")]
    assert len(scores) == 4999
    assert scores == sorted(scores, reverse=True)


def test_a_removed_row_is_never_found(connection):
    remove_words(connection, [(PHONE, BODIES[PHONE]), (BOTTLE, BODIES[BOTTLE])])
    for query in ("XJ-900/B", "smartphone", "martpho", "xj", "不锈", "锈", "保温杯"):
        assert found(connection, query) == []
    assert found(connection, "total") == [PRICE]
    assert count_word_rows(connection) == len(BODIES) - 2
    check_integrity(connection)
    add_words(connection, [(PHONE, "another thing")])
    assert found(connection, "another") == [PHONE]
    assert found(connection, "smartphone") == []


def test_empty_tables_find_nothing():
    assert found(empty_word_tables(), "anything at all 什么") == []


prose = st.text(
    st.one_of(st.characters(categories=["Lu", "Ll", "Lo", "Nd"]), st.sampled_from("abc不锈钢12 -,.\n")), max_size=60
)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=prose, data=st.data())
def test_any_text_is_found_by_any_word_of_three_characters_in_it(text, data):
    scratch = empty_word_tables()
    add_words(scratch, [(1, text), (2, "something else")])
    for word in re.findall(r"\w{3,}", folded(text)):
        start = data.draw(st.integers(0, len(word) - 3))
        stop = data.draw(st.integers(start + 3, len(word)))
        assert 1 in found(scratch, word[start:stop])
    remove_words(scratch, [(1, text)])
    assert 1 not in found(scratch, text)
    check_integrity(scratch)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(query=st.text(st.characters(), max_size=200))
def test_any_string_is_a_query(connection, query):
    scores = [score for _, score in ranked_rows(connection, query)]
    assert scores == sorted(scores, reverse=True)
