"""The rows of the evaluation, and what is said to names that are none."""

import pytest

from content.errors import InvalidInput
from evaluation.demo.pairs import PAIRS, languages_named, pairs_named, tasks


def test_all_pairs_in_all_languages_are_22_rows_and_pictures_alone_have_no_language():
    rows = tasks(pairs_named([]), languages_named([]))
    assert len(rows) == len(set(rows)) == 22
    assert [row.name for row in rows if row.language is None] == ["I->I"]
    assert {row.pair.name for row in rows} == {
        "T->T", "I->I", "T->I", "I->T", "T->IT", "IT->T", "IT->I", "IT->IT",
    }  # fmt: skip


def test_documents_are_searched_by_all_they_have():
    targets = {pair.name: pair.target for pair in PAIRS}
    assert targets["T->I"] == targets["IT->I"] == "image"
    assert targets["I->T"] == targets["T->T"] == "text"
    assert targets["T->IT"] == targets["IT->IT"] == "any"


def test_named_pairs_and_languages_are_taken_once_each():
    assert [pair.name for pair in pairs_named(["IT->I", "T->I", "T->I"])] == ["T->I", "IT->I"]
    assert languages_named(["mixed", "en"]) == ["en", "mixed"]


def test_unknown_names_are_refused_with_the_known_ones():
    with pytest.raises(InvalidInput, match=r"'T-' is no pair; the pairs are 'T->I', .*with their quotes"):
        pairs_named(["T-"])  # what a shell leaves of T->I
    with pytest.raises(InvalidInput, match="'fr' is no language here; there are en, zh, mixed"):
        languages_named(["fr"])
