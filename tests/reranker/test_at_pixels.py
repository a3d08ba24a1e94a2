"""The same model with another bound for documents' pictures: fewer tokens for them, nothing else changed."""

import pytest
from PIL import Image

from content import Content
from content.errors import InvalidInput
from demo.catalogue import evaluation_set
from reranker.lychee import LycheeReranker
from reranker.pictures import PictureReader
from search.assembly import load_reranker
from search.settings import Settings

WORDS = Content("two red mugs")


@pytest.fixture(scope="module")
def demo() -> LycheeReranker:
    judge = load_reranker(Settings())
    assert isinstance(judge, LycheeReranker)
    return judge


@pytest.fixture(scope="module")
def pictures() -> list[Image.Image]:
    return [item.picture() for item in evaluation_set(items=10, queries=1, seed=3).items[:4]]


def tokens(judge: LycheeReranker, *documents: Content, query: Content = WORDS) -> list[int]:
    return [one.tokens for one in judge.score(None, query, documents)]


def test_a_documents_picture_takes_fewer_tokens(demo, pictures):
    document = Content(image=pictures[0])
    (whole,), (half,), (quarter,) = (tokens(demo.at_pixels(n), document) for n in (12_544, 84 * 84, 56 * 56))
    assert whole == tokens(demo, document)[0]
    assert (whole - half, whole - quarter) == (16 - 9, 16 - 4)


def test_queries_and_texts_are_read_as_before(demo, pictures):
    query, text = Content(image=pictures[0]), Content("a red mug")
    small = demo.at_pixels(3136)
    assert tokens(small, text, query=query) == tokens(demo, text, query=query)
    before, after = (judge.score(None, query, [text])[0].score for judge in (demo, small))
    assert after == pytest.approx(before, abs=1e-6)


def test_the_whole_model_reads_as_before_after_a_view_was_used(demo, pictures):
    documents = [Content(image=one) for one in pictures]
    before = [one.score for one in demo.score(None, WORDS, documents)]
    demo.at_pixels(3136).score(None, WORDS, documents)
    assert [one.score for one in demo.score(None, WORDS, documents)] == pytest.approx(before, abs=1e-6)


def test_both_passes_read_a_small_picture_alike(pictures):
    documents = [Content(image=one) for one in pictures]
    shared, plain = (
        [
            one.score
            for one in load_reranker(Settings(reranker_pass=way, dtype="fp32"))
            .at_pixels(3136)
            .score(None, WORDS, documents)
        ]
        for way in ("shared", "plain")
    )
    assert shared == pytest.approx(plain, abs=1e-4)


def test_scores_of_a_view_are_told_apart_by_its_fingerprint(demo):
    assert demo.at_pixels(3136).fingerprint != demo.fingerprint
    assert demo.at_pixels(3136).fingerprint == demo.at_pixels(3136).fingerprint


def test_less_than_four_tokens_are_refused(demo):
    with pytest.raises(InvalidInput, match="3,136"):
        demo.at_pixels(3135)


def test_pictures_of_two_readers_are_cut_in_one_go(tiny_parts, pictures):
    processor = tiny_parts.processor.image_processor
    whole, small = PictureReader(processor), PictureReader(processor, 3136)
    measured = [whole.measure(pictures[0]), small.measure(pictures[0])]
    patches, grids = whole.patches(measured)
    assert [tuple(grid) for grid in grids.tolist()] == [one.grid for one in measured]
    assert len(patches) == 4 * sum(one.tokens for one in measured)
    assert measured[0].key != measured[1].key
