"""Words as a channel of stage 1: what vectors cannot tell apart is found by what is written there."""

from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
from support.prose import KnownItem, known_items, passages

import demo
from content import Content
from indexer.collection import Collection
from indexer.encoded import EncodedItem
from indexer.encoder import OpenClipEncoder
from indexer.filters import parse_filter
from indexer.protocols import Encoder
from retriever import QueryVectors, Retriever

VECTORS_ALONE = {"words": 0.0}


def written(encoder: Encoder, texts: dict[str, str]) -> list[EncodedItem]:
    vectors = encoder.encode_texts(list(texts.values()))
    return [
        EncodedItem(item_id, text, None, sha256(text.encode()).digest(), {"text": vectors[place : place + 1]})
        for place, (item_id, text) in enumerate(texts.items())
    ]


def recalled(retriever: Retriever, query: str, weights: dict[str, float] | None = None, limit: int = 10) -> list[str]:
    content = Content(text=query)
    found = retriever.recall(content, retriever.encode(content), candidates=limit, weights=weights)
    return [candidate.id for candidate in found]


@pytest.fixture
def retriever(collection, encoder) -> Retriever:
    texts = {
        "mug-x": "red mug XJ-900/B",
        "mug-y": "red mug XJ-901/B",
        "slide": "red 2024年营收",
        "other": "red 2023年成本",
    }
    collection.upsert(written(encoder, texts))
    return Retriever(collection, encoder)


@pytest.mark.parametrize(
    ("query", "item"), [("xj-900/b", "mug-x"), ("XJ-901", "mug-y"), ("营收", "slide"), ("成本", "other")]
)
def test_model_numbers_and_chinese_words_of_two_characters_are_found(retriever, query, item):
    assert recalled(retriever, query, {"image": 0.0, "text": 0.0})[0] == item


def test_an_item_found_by_words_names_the_channel_and_its_passage(retriever):
    content = Content(text="营收")
    best = retriever.recall(content, retriever.encode(content), weights={"image": 0.0, "text": 0.0})[0]
    assert [(place.channel, place.query, place.rank) for place in best.channels] == [("words", "text", 1)]
    assert best.passage is not None
    assert (best.passage.source, best.passage.start) == ("text", 0)


def test_words_that_stand_nowhere_leave_the_answer_to_the_vectors(retriever):
    assert recalled(retriever, "🦄") == recalled(retriever, "🦄", VECTORS_ALONE)
    assert recalled(retriever, "🦄", {"image": 0.0, "text": 0.0}) == []


def test_a_filter_chooses_items_before_their_words_are_ranked(collection, encoder):
    many = written(encoder, {f"steel-{n}": "a steel thing" for n in range(1200)})
    collection.upsert([replace(item, metadata={"place": place}) for place, item in enumerate(many)])
    content = Content(text="steel")
    for wanted in ({"place": {"$gte": 1190}}, {"place": {"$lt": 10}}):
        found = Retriever(collection, encoder).recall(
            content, QueryVectors(), wanted=parse_filter(wanted), weights={"image": 0.0, "text": 0.0}
        )
        assert len(found) == 10
    assert not Retriever(collection, encoder).recall(content, QueryVectors(), wanted=parse_filter({"place": -1}))


@pytest.fixture(scope="module")
def library(tmp_path_factory) -> Iterator[tuple[Retriever, list[KnownItem]]]:
    """Real prose in a collection of the demo encoder's, and queries for passages of it."""
    encoder = OpenClipEncoder.from_pretrained(str(Path(demo.__path__[0]) / "models" / "encoder"), device="cpu")
    pool = passages()
    with Collection.create(tmp_path_factory.mktemp("prose") / "prose", encoder) as collection:
        collection.upsert(written(encoder, {str(place): passage for place, passage in enumerate(pool)}))
        yield Retriever(collection, encoder), known_items(pool)


def recall_at_10(library: tuple[Retriever, list[KnownItem]], weights: dict[str, float] | None) -> float:
    retriever, queries = library
    found = [str(one.answer) in recalled(retriever, one.query, weights) for one in queries]
    return sum(found) / len(found)


@pytest.mark.slow
def test_rare_words_and_numbers_find_their_passage_where_vectors_do_not(library):
    with_words = recall_at_10(library, None)
    assert with_words >= 0.95
    assert with_words > recall_at_10(library, VECTORS_ALONE)
