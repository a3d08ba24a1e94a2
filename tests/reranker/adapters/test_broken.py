"""One clear line for every adapter that cannot be loaded."""

import re
import shutil

import pytest
import torch
from safetensors.torch import load_file, save_file
from support.adapters import WEIGHTS, adapted, edited, refusal, write_adapter


class TestWhatCannotBeLoaded:
    def test_weights_that_are_missing_are_named(self, copy):
        (copy / WEIGHTS).unlink()
        assert f"{copy / WEIGHTS} is missing" in refusal(copy)

    def test_a_config_that_is_missing_is_named(self, copy):
        (copy / "adapter_config.json").unlink()
        assert f"{copy / 'adapter_config.json'} is missing" in refusal(copy)

    def test_a_pickle_is_never_read(self, copy):
        (copy / WEIGHTS).rename(copy / "adapter_model.bin")
        assert "is a pickle" in refusal(copy)

    @pytest.mark.parametrize(
        "damage", [lambda data: data[: len(data) // 2], lambda data: b"", lambda data: b"nothing" * 99]
    )
    def test_damaged_weights_are_named(self, copy, damage):
        (copy / WEIGHTS).write_bytes(damage((copy / WEIGHTS).read_bytes()))
        assert f"{copy / WEIGHTS} is damaged or incomplete" in refusal(copy)

    @pytest.mark.parametrize("text", ["{", "[]", "\x00", "[" * 100_000])
    def test_a_config_that_is_no_json_object_is_refused(self, copy, text):
        (copy / "adapter_config.json").write_text(text)
        assert "adapter_config.json" in refusal(copy)

    @pytest.mark.parametrize("kind", ["IA3", "LOHA", "PROMPT_TUNING", None, 7])
    def test_another_kind_than_lora_is_refused(self, folder, tmp_path, kind):
        assert "'LORA'" in refusal(edited(folder, tmp_path / "odd", peft_type=kind))

    @pytest.mark.parametrize(
        "changes",
        [{"r": "four"}, {"r": 0}, {"r": -1}, {"target_modules": "("}, {"target_modules": [3]}, {"lora_alpha": "loud"}],
    )
    def test_a_config_that_makes_no_sense_is_refused(self, folder, tmp_path, changes):
        assert str(tmp_path / "odd") in refusal(edited(folder, tmp_path / "odd", **changes))

    @pytest.mark.parametrize(
        "changes",
        [
            {"init_lora_weights": "pissa"},
            {"megatron_config": {"a": 1}, "megatron_core": "antigravity"},
            {"layer_replication": [[0, 4], [2, 5]]},
            {"alora_invocation_tokens": [1]},
            {"of_the_future": 3},
        ],
    )
    def test_what_is_not_known_here_is_refused_by_name(self, folder, tmp_path, changes):
        assert f"asks for {min(changes)}" in refusal(edited(folder, tmp_path / "odd", **changes))

    def test_an_adapter_of_another_architecture_fits_nowhere(self, folder, copy):
        save_file({"base_model.model.transformer.h.0.attn.c_attn.lora_A.weight": torch.ones(4, 8)}, copy / WEIGHTS)
        assert "fit no part of its base" in refusal(copy)
        there = edited(folder, copy.parent / "odd", target_modules=["c_attn"])
        assert "does not fit its base" in refusal(there)

    def test_an_adapter_of_a_deeper_model_is_refused(self, copy):
        weights = load_file(copy / WEIGHTS)
        deeper = {name.replace("layers.6.", "layers.27."): weight.clone() for name, weight in weights.items()}
        save_file(weights | deeper, copy / WEIGHTS)
        assert re.search(r"14 tensors .* fit no part of its base", refusal(copy))

    def test_an_adapter_of_a_wider_model_is_refused(self, copy):
        weights = {name: torch.cat([weight, weight], 1) for name, weight in load_file(copy / WEIGHTS).items()}
        save_file(weights, copy / WEIGHTS)
        assert "does not fit its base" in refusal(copy)

    def test_an_adapter_with_gaps_is_refused(self, copy):
        weights = load_file(copy / WEIGHTS)
        weights.pop(min(weights))
        save_file(weights, copy / WEIGHTS)
        assert "lacks 1 of the tensors" in refusal(copy)

    def test_weights_that_are_no_numbers_are_refused(self, copy):
        weights = load_file(copy / WEIGHTS)
        weights[min(weights)][0, 0] = float("nan")
        save_file(weights, copy / WEIGHTS)
        assert "hold what is no number" in refusal(copy)

    @pytest.mark.parametrize(
        "changes",
        [
            {"a\x1b[31m\nb": True},
            {"init_lora_weights": "\x1b[31m"},
            {"peft_type": "\x1b[31m"},
            {"target_modules": "(\x1b[31m"},
            {"target_modules": ["\x1b[31m"]},
            {"target_modules": ["q_proj", "\x1b[31m"], "layers_to_transform": 5},
            {"bias": "\x1b[31m"},
            {"r": "\x1b[31m"},
        ],
    )
    def test_nothing_of_a_config_reaches_a_terminal_that_steers_it(self, folder, tmp_path, changes):
        assert refusal(edited(folder, tmp_path / "odd", **changes)).isprintable()

    @pytest.mark.parametrize("number", [0.0, float("nan")])
    def test_nor_does_a_tensors_name(self, copy, number):
        weights = load_file(copy / WEIGHTS)
        weights["a\x1b[31m\n.lora_A.weight"] = torch.full((4, 4), number)
        save_file(weights, copy / WEIGHTS)
        assert refusal(copy).isprintable()

    def test_a_base_that_is_broken_is_told_as_ever(self, folder, tiny_folder, tmp_path):
        base = shutil.copytree(tiny_folder, tmp_path / "base")
        (base / "config.json").unlink()
        there = edited(folder, tmp_path / "odd", base_model_name_or_path=str(base))
        assert f"{base / 'config.json'} is missing" in refusal(there)

    def test_ends_that_the_base_shares_cannot_be_adapted_apart(self, tiny_folder, tmp_path):
        model = adapted(tiny_folder, target_modules=["q_proj", "embed_tokens"])
        assert "the LM head or the embeddings" in refusal(write_adapter(model, tmp_path / "odd", tiny_folder))


@pytest.mark.parametrize("changes", [{"r": 10**9}, {"rank_pattern": {".*": 10**9}}, {"rank_pattern": [1]}, {"r": "x"}])
def test_a_rank_that_the_weights_do_not_have_is_refused_before_room_is_made_for_it(folder, tmp_path, changes):
    assert "which its weights do not have" in refusal(edited(folder, tmp_path / "odd", **changes))
