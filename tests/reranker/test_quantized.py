"""Weights in 8 and 4 bits: close to the whole ones, smaller, told apart, and refused in a sentence where they cannot
be had."""

import logging
from importlib import import_module

import pytest
import torch
from PIL import Image
from torch import nn

from content import Content
from content.errors import InvalidInput, ModelError
from reranker import LycheeReranker, placing, quantized
from reranker.checkpoint import load
from reranker.quantized import Int4Linear, Int8Linear, require

CPU = torch.device("cpu")
QUERY = Content(text="a red mug")
DOCUMENTS = [
    Content(text="a red mug on a table"),
    Content(image=Image.new("RGB", (90, 70), "red")),
    Content(text="白色"),
]
BELOW_0 = [-1.0, -0.6961928, -0.52507305, -0.3949175, -0.28444138, -0.18477343, -0.09105004]
ABOVE_0 = [0.0795803, 0.1609302, 0.2461123, 0.33791524, 0.44070983, 0.562617, 0.72295684, 1.0]
NF4 = torch.tensor([*BELOW_0, 0.0, *ABOVE_0])  # QLoRA, appendix E


@pytest.fixture
def linear():
    """60 inputs: four of its blocks of 64 weights reach over the end of a row."""
    torch.manual_seed(1)
    return nn.Linear(60, 5).requires_grad_(False)


def test_8_bits_are_off_by_half_a_step_of_their_row_at_most(linear):
    made = Int8Linear(linear.weight, linear.bias)
    whole = made(torch.eye(60)).T - linear.bias[:, None]  # (5, 60)

    step = linear.weight.abs().amax(1, keepdim=True) / 127
    assert ((whole - linear.weight).abs() <= step * 0.5001).all()
    assert made.codes.dtype == torch.int8


def test_a_row_of_zeros_stays_one():
    assert Int8Linear(torch.zeros(2, 8), None)(torch.ones(1, 8)).tolist() == [[0.0, 0.0]]


@pytest.mark.parametrize("at_once", [64, 128, 2**20])
def test_4_bits_are_the_nearest_of_the_16_values_of_their_block(linear, monkeypatch, at_once):
    require("int4")
    monkeypatch.setattr(quantized, "_AT_ONCE", at_once)
    whole = Int4Linear(linear.weight, linear.bias)(torch.eye(60)).T - linear.bias[:, None]

    flat = torch.cat([linear.weight.reshape(-1), torch.zeros(20)]).reshape(-1, 64)  # 300 weights in 5 blocks
    scales = flat.abs().amax(1, keepdim=True)
    nearest = NF4[((flat / scales)[..., None] - NF4).abs().argmin(-1)] * scales
    assert whole.reshape(-1) == pytest.approx(nearest.reshape(-1)[:300], abs=1e-6)


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16, torch.float16])
@pytest.mark.parametrize("kind", [Int8Linear, Int4Linear])
def test_outputs_keep_the_number_format_of_the_inputs(linear, kind, dtype):
    require("int4")
    layer = linear.to(dtype)
    out = kind(layer.weight, layer.bias)(torch.ones(2, 3, 60, dtype=dtype))
    assert (out.dtype, out.shape) == (dtype, (2, 3, 5))


@pytest.fixture(scope="module", params=["int8", "int4"])
def small(request, tiny_folder):
    return load(tiny_folder, device=CPU, dtype=torch.float32, quantization=request.param)


def test_every_linear_layer_is_quantised_and_nothing_else(small, tiny_parts):
    kinds = {type(module) for module in small.model.model.modules()}
    assert not kinds & {nn.Linear}
    assert kinds & {Int8Linear, Int4Linear}
    for name in ("lm_head.weight", "model.language_model.embed_tokens.weight", "model.visual.patch_embed.proj.weight"):
        assert torch.equal(small.model.state_dict()[name], tiny_parts.model.state_dict()[name])


@pytest.mark.parametrize("passes", ["shared", "plain"])
def test_both_passes_give_the_same_scores(small, passes):
    judge = LycheeReranker(small.model, small.processor, passes=passes)
    expected = LycheeReranker(small.model, small.processor, passes="plain", batch_size=1)
    for query in (QUERY, DOCUMENTS[1]):
        scores = [result.score for result in judge.score(None, query, DOCUMENTS)]
        assert scores == pytest.approx([result.score for result in expected.score(None, query, DOCUMENTS)], abs=1e-5)


def test_each_quantisation_has_a_fingerprint_that_stays(tiny, tiny_folder):
    def fingerprint(quantization):
        judge = LycheeReranker.from_pretrained(tiny_folder, device="cpu", dtype="fp32", quantization=quantization)
        return judge.fingerprint

    assert fingerprint("none") == tiny.fingerprint
    assert len({tiny.fingerprint, fingerprint("int8"), fingerprint("int4")}) == 3
    assert [fingerprint("int8"), fingerprint("int4")] == [fingerprint("int8"), fingerprint("int4")]


def test_the_memory_that_a_model_takes_is_told_and_falls(tiny_folder, caplog):
    with caplog.at_level(logging.INFO, logger="reranker.checkpoint"):
        for quantization in ("none", "int8", "int4"):
            load(tiny_folder, device=CPU, dtype=torch.bfloat16, quantization=quantization)

    sizes = [float(message.split()[3]) for message in caplog.messages]
    assert all(message.endswith("MB on cpu") for message in caplog.messages)
    assert sizes[0] > sizes[1] > sizes[2] > 0


@pytest.mark.parametrize("quantization", ["none", "int8"])
def test_loading_tells_how_far_it_is(tiny_folder, quantization):
    told: list[tuple[str, float]] = []
    load(
        tiny_folder,
        device=CPU,
        dtype=torch.float32,
        quantization=quantization,
        progress=lambda what, share: told.append((what, share)),
    )
    kinds = list(dict.fromkeys(what for what, _ in told))
    assert [kind.split()[0] for kind in kinds] == [
        "reading",
        "moving" if quantization == "none" else "quantising",
        "the",
    ]
    for kind in kinds:
        shares = [share for what, share in told if what == kind]
        assert shares == sorted(shares)
        assert shares[-1] == pytest.approx(1.0)


def test_a_missing_package_is_told_with_the_extra_that_brings_it(tiny_folder, monkeypatch):
    monkeypatch.setattr(quantized, "find_spec", lambda name: None)
    with pytest.raises(ModelError, match=r"needs the package bitsandbytes; .* extra `quantized`, or take int8"):
        LycheeReranker.from_pretrained(tiny_folder, device="cpu", quantization="int4")
    LycheeReranker.from_pretrained(tiny_folder, device="cpu", quantization="int8")


def test_a_package_that_does_not_load_is_told(tiny_folder, monkeypatch):
    def broken(name):
        raise OSError("libcudart.so.13: cannot open") if name == "bitsandbytes" else import_module(name)

    monkeypatch.setattr(quantized, "import_module", broken)
    with pytest.raises(ModelError, match=r"does not load: libcudart\.so\.13"):
        LycheeReranker.from_pretrained(tiny_folder, device="cpu", quantization="int4")


def test_an_unknown_quantisation_is_refused(tiny_folder):
    with pytest.raises(InvalidInput, match="none, int8, int4, not 'int2'") as caught:
        LycheeReranker.from_pretrained(tiny_folder, device="cpu", quantization="int2")
    assert caught.value.param == "quantization"


@pytest.mark.parametrize(
    ("quantization", "advice"), [("none", "quantization int8 takes about half"), ("int8", "int4 takes less")]
)
def test_a_device_that_is_too_small_is_told_with_the_way_out(tiny_folder, monkeypatch, quantization, advice):
    def full(*arguments):
        raise torch.OutOfMemoryError("CUDA out of memory")

    monkeypatch.setattr(placing, "quantized", full)
    with pytest.raises(ModelError, match=rf"MB.* more than cpu has free.*{advice}"):
        LycheeReranker.from_pretrained(tiny_folder, device="cpu", quantization=quantization)


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
@pytest.mark.parametrize("quantization", ["int8", "int4"])
def test_a_gpu_agrees_with_the_cpu(tiny_folder, quantization):
    scores = [
        [result.score for result in judge.score(None, QUERY, DOCUMENTS)]
        for judge in (
            LycheeReranker.from_pretrained(tiny_folder, device=device, dtype="fp32", quantization=quantization)
            for device in ("cpu", "cuda")
        )
    ]
    assert scores[0] == pytest.approx(scores[1], abs=1e-3)
