"""Pictures are seen once, a bounded number at a time, and as transformers' own tower sees them."""

import pytest
import torch
from PIL import Image

from content import Content
from reranker import LycheeReranker
from reranker.feature_memory import MemoryFeatures
from reranker.pictures import PictureReader
from reranker.tower import see

INSTRUCTION = "Given a product image and description, retrieve similar products"


def scores(reranker, query, documents):
    return [judgement.score for judgement in reranker.score(INSTRUCTION, query, documents)]


@pytest.fixture
def seen(monkeypatch):
    """The number of patches at each run of the vision tower."""
    runs = []

    def counting(tower, patches, grids):
        runs.append(len(patches))
        return see(tower, patches, grids)

    monkeypatch.setattr("reranker.vision.see", counting)
    return runs


def test_a_picture_that_comes_again_is_seen_once(tiny_parts, picture, seen):
    reranker = LycheeReranker(tiny_parts.model, tiny_parts.processor, features=MemoryFeatures(2**26))
    same = [Content(image=picture(60, 60)), Content("a mug", picture(60, 60)), Content(image=picture(60, 60, 1))]
    cold = scores(reranker, Content(text="a mug"), same)
    assert sum(seen) == 2 * 4 * 4  # two pictures of four tokens, four patches each
    assert scores(reranker, Content(text="a mug"), same) == cold
    scores(reranker, Content(text="another query"), same)
    assert sum(seen) == 2 * 4 * 4


def test_pictures_can_be_seen_before_anybody_asks(tiny_parts, picture, seen):
    reranker = LycheeReranker(tiny_parts.model, tiny_parts.processor, features=MemoryFeatures(2**26))
    images = [picture(60, 60, seed) for seed in range(5)]
    assert sum(step() for step in reranker.see([*images, picture(2010, 10)])) == 5
    assert sum(seen) == 5 * 4 * 4
    scores(reranker, Content(text="a mug"), [Content(image=image) for image in images])
    assert sum(seen) == 5 * 4 * 4


def test_the_tower_reads_no_more_at_a_time_than_a_batch_holds(tiny_parts, picture, seen):
    reranker = LycheeReranker(tiny_parts.model, tiny_parts.processor, batch_tokens=20)
    images = [picture(60, 60, seed) for seed in range(11)]
    assert sum(step() for step in reranker.see(images)) == 11
    assert len(seen) == 3
    assert max(seen) == 20 * 4


def test_pictures_are_told_apart_by_their_shape_too(tiny_parts):
    reader = PictureReader(tiny_parts.processor.image_processor)
    keys = {reader.measure(Image.new("RGB", size, "red")).key for size in [(60, 30), (30, 60), (60, 30), (45, 40)]}
    assert len(keys) == 3


@pytest.mark.parametrize("size", [(56, 56), (448, 112), (131, 300), (28, 600)], ids=str)
def test_the_tower_sees_what_that_of_transformers_sees(tiny_parts, picture, size):
    reader = PictureReader(tiny_parts.processor.image_processor)
    patches, grids = reader.patches([reader.measure(picture(*size)), reader.measure(picture(112, 112, 1))])
    tower = tiny_parts.model.model.visual
    with torch.inference_mode():
        expected = tower(patches, grid_thw=grids).pooler_output
        torch.testing.assert_close(see(tower, patches, grids), expected, atol=1e-4, rtol=1e-4)
