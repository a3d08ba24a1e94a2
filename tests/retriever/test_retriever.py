"""Which channels are searched for which query, and what a candidate says about how it was found."""

import pytest
from PIL import Image

from content import Content
from content.errors import InvalidInput
from indexer.collection import Collection
from retriever import Retriever


@pytest.fixture
def retriever(collection, encoder) -> Retriever:
    return Retriever(collection, encoder)


@pytest.fixture
def recall(retriever):
    def recall(query: Content, weights=None, **options):
        """By vectors alone, unless weights say otherwise."""
        return retriever.recall(query, retriever.encode(query), weights=weights or {"words": 0}, **options)

    return recall


RED = Content(text="red")
BLUE_PICTURE = Content(image=Image.new("RGB", (4, 4), (0, 0, 255)))


def test_target_image_searches_pictures_only(recall):
    found = recall(RED, target="image")

    assert [candidate.id for candidate in found[:2]] == ["photo-red", "photo-purple"]
    assert {candidate.id for candidate in found} == {"photo-red", "photo-purple", "photo-blue", "both-blue"}
    assert {place.channel for candidate in found for place in candidate.channels} == {"image"}


def test_target_text_searches_texts_only(recall):
    found = recall(RED, target="text")

    assert [candidate.id for candidate in found] == ["word-red", "word-red-mug", "both-blue"]
    assert [candidate.channels[0].score for candidate in found] == pytest.approx([1, 0.5**0.5, 0], abs=1e-6)


def test_lists_of_different_channels_are_fused_by_rank(recall, collection):
    collection.delete(["both-blue"])

    found = recall(RED)

    assert [(candidate.id, candidate.channels[0].rank) for candidate in found] == [
        ("photo-red", 1), ("word-red", 1), ("photo-purple", 2), ("word-red-mug", 2), ("photo-blue", 3),
    ]  # fmt: skip
    assert [candidate.score for candidate in found] == [1 / 61, 1 / 61, 1 / 62, 1 / 62, 1 / 63]


def test_an_item_with_both_is_found_in_both(recall):
    (first, *_) = recall(Content(text="blue"))

    assert first.id == "both-blue"
    assert [(place.channel, place.query, place.rank) for place in first.channels][1] == ("text", "text", 1)
    assert first.channels[0].channel == "image"


def test_a_picture_is_looked_up_among_texts_too(recall):
    (first, *_) = recall(BLUE_PICTURE, target="text")

    assert first.id == "both-blue"
    assert (first.channels[0].query, first.channels[0].score) == ("image", pytest.approx(1))


def test_both_sides_of_a_mixed_query_are_looked_up_in_both_channels(recall):
    found = recall(Content(text="red", image=BLUE_PICTURE.image))

    lists = {(place.query, place.channel) for candidate in found for place in candidate.channels}
    assert lists == {("text", "image"), ("text", "text"), ("image", "image"), ("image", "text")}
    both = next(candidate for candidate in found if candidate.id == "both-blue")
    assert both.score == pytest.approx(sum(1 / (60 + place.rank) for place in both.channels))
    assert len(both.channels) == 4


def test_candidates_bounds_the_answer(recall):
    assert len(recall(RED, candidates=2)) == 2
    assert [candidate.rank for candidate in recall(RED, candidates=3)] == [1, 2, 3]
    assert len(recall(RED, candidates=1000)) == 6


@pytest.mark.parametrize("candidates", [0, -1, 1001])
def test_candidates_out_of_range_are_refused_by_name(recall, candidates):
    with pytest.raises(InvalidInput, match=f"1 to 1000, not {candidates}") as refused:
        recall(RED, candidates=candidates)
    assert refused.value.param == "candidates"


def test_an_unknown_target_is_refused_by_name(recall):
    with pytest.raises(InvalidInput, match="any, image, text, not 'video'") as refused:
        recall(RED, target="video")
    assert refused.value.param == "target"


def test_an_empty_channel_is_no_list(tmp_path, encoder):
    with Collection.create(tmp_path / "words", encoder) as words:
        retriever = Retriever(words, encoder)
        assert retriever.recall(RED, retriever.encode(RED)) == []


def test_only_the_sides_that_are_there_are_encoded(retriever, encoder):
    before = (encoder.texts_encoded, encoder.images_encoded)

    vectors = retriever.encode(RED)

    assert vectors.image is None
    assert vectors.text is not None
    assert vectors.text.shape == (1, encoder.dimension)
    assert (encoder.texts_encoded, encoder.images_encoded) == (before[0] + 1, before[1])
