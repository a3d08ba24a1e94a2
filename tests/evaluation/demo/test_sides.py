"""Neither words nor pixels may give the right answer away."""

import pytest

from demo.catalogue import evaluation_set
from demo.catalogue.vocabulary import LANGUAGES
from evaluation.demo.pairs import PAIRS, Pair, Task, tasks
from evaluation.demo.sides import document_text, fingerprint, query, query_text, record

ITEMS = evaluation_set(items=80, queries=20, seed=5).items
ORIGINALS = [item for item in ITEMS if item.kind == "original"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_query_has_the_words_of_any_document(language):
    assert not {query_text(item, language) for item in ITEMS} & {document_text(item, language) for item in ITEMS}


@pytest.mark.parametrize("language", LANGUAGES)
def test_originals_are_told_in_both_wordings_on_either_side(language):
    asked = [query_text(item, language) == item.caption(language, 2) for item in ORIGINALS]
    answering = [document_text(item, language) == item.caption(language, 0) for item in ORIGINALS]
    assert 0 < sum(asked) < len(ORIGINALS)
    assert 0 < sum(answering) < len(ORIGINALS)
    assert asked != answering


def test_a_query_has_what_its_pair_says():
    for task in tasks(PAIRS, LANGUAGES):
        asked = query(ITEMS[0], task)
        assert (asked.text is not None) == ("T" in task.pair.query)
        assert (asked.image is not None) == ("I" in task.pair.query)


def test_where_documents_have_pictures_the_query_shows_another_drawing_of_the_scene():
    again = query(ITEMS[0], Task(Pair("I", "I"), None)).image
    same = query(ITEMS[0], Task(Pair("I", "T"), "en")).image
    assert again.tobytes() != ITEMS[0].picture().tobytes()
    assert same.tobytes() == ITEMS[0].picture().tobytes()


def test_a_document_has_what_its_side_says():
    text, picture, both = (record(ITEMS[0], side, "zh", "id") for side in ("T", "I", "IT"))
    assert (text.text, text.image) == (document_text(ITEMS[0], "zh"), None)
    assert picture.text is None
    assert picture.image.startswith(b"\x89PNG")
    assert (both.text, both.image) == (text.text, picture.image)


def test_the_fingerprint_changes_with_the_items():
    assert fingerprint(ITEMS[:2]) == fingerprint(ITEMS[:2])
    assert len({fingerprint(ITEMS[:2]), fingerprint(ITEMS[:3]), fingerprint(ITEMS[1:3])}) == 3
