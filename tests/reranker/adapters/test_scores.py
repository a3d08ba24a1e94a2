"""LoRA adapters are judges like any other, whose scores are those of peft's own forward."""

import pytest
import torch
from safetensors.torch import load_file, save_file
from support.adapters import WEIGHTS, adapted, by_peft, edited, logits, opened, write_adapter

from reranker import GenerativeReranker


@pytest.mark.parametrize("passes", ["shared", "plain"])
@pytest.mark.parametrize(
    "config",
    [
        {},
        {"use_rslora": True, "lora_alpha": 3, "rank_pattern": {"q_proj": 2}},
        {"use_dora": True},
        {"target_modules": r".*(qkv|attn\.proj|merger\.mlp\.0)"},
        {"target_modules": ["q_proj", "down_proj"], "modules_to_save": ["merger"]},
        {"target_modules": ["proj"]},  # the tower's convolution is one of them, which the shared pass does not call
    ],
    ids=["plain-lora", "rank-stabilised", "dora", "vision-tower", "modules-to-save", "convolution"],
)
def test_scores_are_those_of_pefts_own_forward(tiny, tiny_folder, tmp_path, config, passes):
    model = adapted(tiny_folder, **config)
    reranker = opened(write_adapter(model, tmp_path / "tuned", tiny_folder), passes=passes)

    expected = by_peft(model, tiny_folder)

    assert (expected - logits(tiny)).abs().max() > 0.01
    torch.testing.assert_close(logits(reranker), expected, atol=1e-4, rtol=1e-4)


def test_an_adapter_is_not_merged_unless_weights_are_made_small(folder, tiny):
    def adapters(reranker):
        return [name for name in reranker._model.state_dict() if "lora_" in name]

    assert adapters(opened(folder))
    small = opened(folder, quantization="int8")
    assert not adapters(small)
    assert small.weight_bytes == opened(tiny.name, quantization="int8").weight_bytes
    assert (logits(small) - logits(opened(folder))).abs().max() < (logits(tiny) - logits(opened(folder))).abs().max()


def test_an_adapter_runs_in_the_number_format_of_its_base(folder):
    half = opened(folder, dtype="bf16")
    assert {weight.dtype for weight in half._model.parameters()} == {torch.bfloat16}
    assert (logits(half) - logits(opened(folder))).abs().max() < 0.3


def test_adapters_of_other_versions_of_transformers_load(folder, copy):
    """Before 4.52 the language model lay at `model`."""
    old = {
        name.replace(".model.language_model.", ".model."): weight for name, weight in load_file(copy / WEIGHTS).items()
    }
    save_file(old, copy / WEIGHTS)
    assert opened(copy).fingerprint == opened(folder).fingerprint


def test_the_fingerprint_tells_base_adapter_and_the_adapters_weights_and_factors_apart(tiny, folder, tmp_path):
    louder = edited(folder, tmp_path / "louder", lora_alpha=16)
    other = edited(folder, tmp_path / "other")
    weights = load_file(other / WEIGHTS)
    next(iter(weights.values()))[0, 0] += 1
    save_file(weights, other / WEIGHTS)
    moved = edited(folder, tmp_path / "moved")

    prints = [opened(place).fingerprint for place in (tiny.name, folder, louder, other)]

    assert len(set(prints)) == 4
    assert opened(moved).fingerprint == prints[1]


def test_the_name_is_what_the_user_wrote(folder):
    assert opened(folder).name == str(folder)
    assert opened(str(folder), known_as="dresses").name == "dresses"


def test_a_rating_judge_may_be_an_adapter_too(folder):
    assert GenerativeReranker.from_pretrained(folder, device="cpu", dtype="fp32").name == str(folder)


def test_loading_says_nothing(folder, capfd):
    opened(folder)
    assert capfd.readouterr() == ("", "")


def test_an_adapter_of_the_embedded_model_names_it(tmp_path):
    folder = write_adapter(adapted("demo"), tmp_path / "tuned", "demo")
    assert opened(folder).fingerprint != opened("demo").fingerprint


def test_the_embedded_model_is_meant_by_its_name_wherever_one_works(tmp_path, monkeypatch):
    (tmp_path / "demo").mkdir()
    monkeypatch.chdir(tmp_path)
    assert opened("demo").name == "demo"
