"""The measures of a model, and the operations that they come to."""

import pytest
import torch
from torch.utils.flop_counter import FlopCounterMode

from content.errors import InvalidInput
from evaluation.bench.checkpoint import make
from evaluation.bench.operations import all_of, judgement, picture
from evaluation.bench.shape import PRESETS, Shape, shape_named

TINY = PRESETS["tiny"]


def one_layer_shape(layers: int = 1) -> Shape:
    return Shape(
        hidden=16,
        layers=layers,
        heads=2,
        kv_heads=1,
        intermediate=32,
        vocab=2048,
        vision_hidden=8,
        vision_depth=2,
        vision_heads=1,
        vision_intermediate=12,
        vision_full=2,
    )


def test_the_published_models_have_their_published_sizes():
    seven = PRESETS["7b"]
    assert round((seven.language_weights + 2 * seven.hidden * seven.vocab + seven.vision_weights) / 1e9, 2) == 8.29
    assert seven.full_blocks == (7, 15, 23, 31)


def test_the_small_model_is_of_the_proportions_of_the_large_one():
    mini, seven = PRESETS["mini"], PRESETS["7b"]
    assert 48e6 < mini.language_weights + mini.vision_weights < 52e6
    towers = [picture(shape, 256).total / all_of(shape, 256).total for shape in (mini, seven)]
    assert towers[0] == pytest.approx(towers[1], rel=0.05)


def test_the_weights_are_those_of_the_model_that_is_made():
    model = make(TINY, torch.device("cpu"), torch.float32, 0).model
    language = sum(weight.numel() for weight in model.model.language_model.layers.parameters() if weight.ndim == 2)
    vision = sum(weight.numel() for weight in model.model.visual.parameters() if weight.ndim > 1)
    assert (TINY.language_weights, TINY.vision_weights) == (language, vision)


def test_the_operations_of_a_whole_forward_are_those_that_torch_counts():
    model = make(TINY, torch.device("cpu"), torch.float32, 0).model.model.language_model
    model.set_attn_implementation("eager")
    with torch.no_grad(), FlopCounterMode(display=False) as counted:
        model(input_ids=torch.randint(0, 1000, (1, 37)), use_cache=False)
    assert counted.get_total_flops() == all_of(TINY, 37).total


@pytest.mark.parametrize("tokens", [16, 64])
def test_the_operations_of_a_picture_are_those_that_torch_counts(tokens: int):
    tower = make(TINY, torch.device("cpu"), torch.float32, 0).model.model.visual
    tower.set_attn_implementation("eager")
    side = 2 * int(tokens**0.5)
    with torch.no_grad(), FlopCounterMode(display=False) as counted:
        tower(torch.randn(side * side, 1176), grid_thw=torch.tensor([[1, side, side]]))
    assert counted.get_total_flops() == picture(TINY, tokens).total


def test_a_judgement_needs_the_prefix_once_and_of_the_last_layer_little():
    shape = one_layer_shape(layers=2)
    # Matrices of a layer: q 16x16, k 8x16, v 8x16, o 16x16, three of 32x16.
    keys, others = 2 * 8 * 16, 2 * 16 * 16 + 3 * 32 * 16
    # The first layer for 5 + 2 + 3 tokens; of the last, keys and values for all, and the rest for two last tokens.
    linear = 10 * (keys + others) + 10 * keys + 2 * others
    # Pairs of the first layer: 15 in the prefix; 3 + 2 x 5 and 6 + 3 x 5 of the documents. Of the last: 7 and 8.
    pairs = (15 + 13 + 21) + (7 + 8)
    assert judgement(shape, 5, [2, 3]).total == 2 * linear + 4 * pairs * 16


def test_nonsense_is_refused():
    with pytest.raises(InvalidInput, match="--shape is one of"):
        shape_named("9b")
    with pytest.raises(InvalidInput, match="--hidden is a multiple of 8 x 4 heads, not 100"):
        shape_named("tiny", hidden=100)
    with pytest.raises(InvalidInput, match="4 heads cannot share 3 kv-heads"):
        shape_named("tiny", kv_heads=3)
