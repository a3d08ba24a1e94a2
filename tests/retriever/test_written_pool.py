"""Pictures are found by what stands in them, among others that share most of the words."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from support.toy_source import ListSource
from support.written_pool import Written, pool, record

import demo
from content import Content
from indexer.build import build
from indexer.collection import Collection
from indexer.encoder import OpenClipEncoder
from indexer.ocr import RapidReader
from retriever import Retriever


@contextmanager
def retriever_of(pictures: list[Written], folder: Path) -> Iterator[Retriever]:
    encoder = OpenClipEncoder.from_pretrained(str(Path(demo.__path__[0]) / "models" / "encoder"), device="cpu")
    source = ListSource([record(one, seed) for seed, one in enumerate(pictures)])
    with Collection.create(folder / "pool", encoder) as collection:
        build(collection, encoder, source, reader=RapidReader.load())
        yield Retriever(collection, encoder)


def missed(retriever: Retriever, pictures: list[Written], weights: dict[str, float] | None) -> list[str]:
    """The queries whose picture is not among the first ten."""
    queries = [(one, Content(one.query, None)) for one in pictures if one.query]
    return [
        one.query
        for one, query in queries
        if one.id not in [hit.id for hit in retriever.recall(query, retriever.encode(query), "any", 10, None, weights)]
    ]


def test_a_few_pictures_are_recalled_by_words_alone(tmp_path):
    pictures = pool(of_each=2, blank=2)
    with retriever_of(pictures, tmp_path) as retriever:
        assert missed(retriever, pictures, {"image": 0, "text": 0}) == []


@pytest.mark.slow
def test_pictures_are_recalled_by_words_that_stand_in_them(tmp_path):
    pictures = pool()
    asked = sum(bool(one.query) for one in pictures)
    with retriever_of(pictures, tmp_path) as retriever:
        with_words = missed(retriever, pictures, None)
        assert 1 - len(with_words) / asked >= 0.95, with_words
        by_looks = missed(retriever, pictures, {"words": 0, "text": 0})
        assert len(by_looks) > asked / 2, "the vectors of the pictures find them alone: the pool tests nothing"
