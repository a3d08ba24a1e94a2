"""Loading: any checkpoint of the layout, and one clear line for everything else."""

import json
import re
import shutil

import pytest
import torch
from huggingface_hub.errors import RepositoryNotFoundError
from PIL import Image
from safetensors.torch import load_file, save_file
from transformers.utils import logging as transformers_logging

from content import Content
from content.errors import InvalidInput, ModelError
from reranker import LycheeReranker, files

WEIGHTS = "model.safetensors"


@pytest.fixture
def folder(tiny_folder, tmp_path):
    """A copy that may be broken."""
    return shutil.copytree(tiny_folder, tmp_path / "broken")


def refusal(name_or_folder):
    with pytest.raises(ModelError) as caught:
        LycheeReranker.from_pretrained(name_or_folder, device="cpu", dtype="fp32")
    assert "\n" not in caught.value.message
    assert len(caught.value.message) < 400
    return caught.value.message


def edit_json(path, **changes):
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))


def edit_weights(path, change):
    weights = load_file(path)
    change(weights)
    save_file(weights, path, metadata={"format": "pt"})


def test_a_missing_folder_is_named(tmp_path):
    assert f"no folder {tmp_path / 'nowhere'}" in refusal(tmp_path / "nowhere")
    assert "no folder ./nowhere" in refusal("./nowhere")
    assert "no folder nowhere" in refusal("nowhere")


def test_an_empty_folder_is_told_what_belongs_there(tmp_path):
    assert f"{tmp_path / 'config.json'} is missing" in refusal(tmp_path)


def test_a_file_is_no_folder(folder):
    assert "is a file" in refusal(folder / WEIGHTS)


def test_missing_weights_are_named(folder):
    (folder / WEIGHTS).unlink()
    assert f"{folder / WEIGHTS} is missing" in refusal(folder)


@pytest.mark.parametrize(
    "damage", [lambda data: data[: len(data) // 2], lambda data: b"", lambda data: b"nothing" * 99]
)
def test_damaged_weights_are_named(folder, damage):
    path = folder / WEIGHTS
    path.write_bytes(damage(path.read_bytes()))
    assert f"{path} is damaged or incomplete" in refusal(folder)


def test_a_missing_shard_is_named(folder):
    index = {"metadata": {}, "weight_map": {"a": WEIGHTS, "b": "model-00002-of-00002.safetensors"}}
    (folder / files.WEIGHTS_INDEX).write_text(json.dumps(index))
    assert "model-00002-of-00002.safetensors is missing" in refusal(folder)


@pytest.mark.parametrize("weight_map", [None, {}, [WEIGHTS], {"a": 1}])
def test_an_index_that_names_no_shards_is_refused(folder, weight_map):
    (folder / files.WEIGHTS_INDEX).write_text(json.dumps({"weight_map": weight_map}))
    assert "names no weights" in refusal(folder)


def test_weights_with_gaps_are_refused_and_never_made_up(folder):
    edit_weights(folder / WEIGHTS, lambda weights: weights.pop("model.layers.0.mlp.up_proj.weight"))
    assert "lack 1 of the model's tensors" in refusal(folder)


def test_weights_of_another_shape_are_refused(folder):
    edit_weights(folder / WEIGHTS, lambda weights: weights.update({"model.norm.weight": torch.ones(3)}))
    assert "another shape" in refusal(folder)


def test_another_architecture_is_refused(folder):
    edit_json(folder / "config.json", model_type="qwen2_vl")
    assert "'qwen2_vl'" in refusal(folder)


def test_a_config_that_is_no_json_is_refused(folder):
    (folder / "config.json").write_text("{")
    assert "config.json cannot be read" in refusal(folder)


def test_a_config_that_makes_no_sense_is_refused(folder):
    config = json.loads((folder / "config.json").read_text())
    edit_json(folder / "config.json", text_config=config["text_config"] | {"hidden_size": "wide"})
    assert "describes no model" in refusal(folder)
    assert "hidden_size" in refusal(folder)


@pytest.mark.parametrize("name", ["tokenizer.json", "processor_config.json", "chat_template.jinja"])
def test_missing_tokenizer_processor_or_template_are_named(folder, name):
    (folder / name).unlink()
    assert re.search(rf"{folder}.*{name}", refusal(folder))


@pytest.mark.parametrize("name", ["tokenizer.json", "processor_config.json"])
def test_damaged_tokenizer_or_processor_are_refused(folder, name):
    (folder / name).write_text("{")
    assert f"tokenizer or processor in {folder} cannot be loaded" in refusal(folder)


def test_a_tokenizer_without_single_verdict_tokens_is_refused(folder):
    tokenizer = json.loads((folder / "tokenizer.json").read_text())
    tokenizer["model"]["merges"] = []
    (folder / "tokenizer.json").write_text(json.dumps(tokenizer))
    assert "3 tokens for 'yes'" in refusal(folder)


def test_a_tokenizer_of_another_model_is_refused(folder):
    edit_json(folder / "config.json", image_token_id=5)
    assert "different tokens by a picture" in refusal(folder)


def test_the_hub_out_of_reach_is_told_in_one_line():
    assert "hub cannot be reached" in refusal("vec-ai/not-downloaded-here")


def test_a_name_the_hub_does_not_know(monkeypatch):
    class Response:
        headers, status_code, request, url = {}, 404, None, ""

    def unknown(name, **options):
        raise RepositoryNotFoundError("404 Client Error", response=Response())

    monkeypatch.setattr(files, "snapshot_download", unknown)
    assert "the hub knows no model of that name" in refusal("vec-ai/no-such-model")


def test_a_name_no_hub_can_have():
    assert "no names like that" in refusal("two words/model")


@pytest.mark.parametrize(
    ("device", "dtype", "param"), [("cpu", "int3", "dtype"), ("gpu", "fp32", "device"), ("cuda:99", "auto", "device")]
)
def test_wrong_device_or_dtype(tiny_folder, device, dtype, param):
    with pytest.raises(InvalidInput) as caught:
        LycheeReranker.from_pretrained(tiny_folder, device=device, dtype=dtype)
    assert caught.value.param == param


def test_loading_is_silent_and_leaves_transformers_as_it_was(tiny_folder, capfd):
    before = transformers_logging.get_verbosity(), transformers_logging.is_progress_bar_enabled()
    LycheeReranker.from_pretrained(tiny_folder, device="cpu", dtype="fp32")
    assert capfd.readouterr() == ("", "")
    assert (transformers_logging.get_verbosity(), transformers_logging.is_progress_bar_enabled()) == before


def test_older_layouts_load_too(tiny, folder):
    """As the hub's Qwen2.5-VL checkpoints are: picture processor and chat template in JSON files of their own, the
    pixel bounds under their old names, shards."""
    processor = json.loads((folder / "processor_config.json").read_text())["image_processor"]
    size = processor.pop("size")
    processor |= {"min_pixels": size["shortest_edge"], "max_pixels": size["longest_edge"]}
    (folder / "preprocessor_config.json").write_text(json.dumps(processor | {"processor_class": "Qwen2_5_VLProcessor"}))
    (folder / "chat_template.json").write_text(
        json.dumps({"chat_template": (folder / "chat_template.jinja").read_text()})
    )
    (folder / "processor_config.json").unlink()
    (folder / "chat_template.jinja").unlink()
    in_shards(folder)
    query, documents = Content(text="a mug"), [Content(image=Image.new("RGB", (90, 70), "red"))]
    old = LycheeReranker.from_pretrained(folder, device="cpu", dtype="fp32")
    (expected,), (result,) = tiny.score(None, query, documents), old.score(None, query, documents)
    assert result.score == pytest.approx(expected.score, abs=1e-6)


def in_shards(folder):
    weights = load_file(folder / WEIGHTS)
    names = sorted(weights)
    shards = {f"model-0000{part}-of-00002.safetensors": names[part - 1 :: 2] for part in (1, 2)}
    for shard, members in shards.items():
        save_file({name: weights[name] for name in members}, folder / shard, metadata={"format": "pt"})
    weight_map = {name: shard for shard, members in shards.items() for name in members}
    (folder / files.WEIGHTS_INDEX).write_text(json.dumps({"metadata": {}, "weight_map": weight_map}))
    (folder / WEIGHTS).unlink()


def test_the_fingerprint_is_of_the_weights_and_not_of_the_place(tiny, tiny_folder, folder):
    def fingerprint(dtype="fp32"):
        return LycheeReranker.from_pretrained(folder, device="cpu", dtype=dtype).fingerprint

    assert fingerprint() == tiny.fingerprint
    assert fingerprint("bf16") != tiny.fingerprint
    edit_weights(folder / WEIGHTS, lambda weights: weights["model.norm.weight"][5].add_(1))
    assert fingerprint() != tiny.fingerprint


def test_the_name_is_what_loads_it_again(tiny, tiny_folder):
    assert tiny.name == str(tiny_folder)


def test_bf16_is_the_choice_where_the_machine_computes_in_it(tiny_folder):
    expected = torch.bfloat16 if torch.cpu.get_capabilities().get("avx512_bf16") else None
    if expected is None:
        pytest.skip("this CPU does not say that it has AVX-512 BF16")
    automatic = LycheeReranker.from_pretrained(tiny_folder, device="cpu")
    explicit = LycheeReranker.from_pretrained(tiny_folder, device="cpu", dtype="bf16")
    assert automatic.fingerprint == explicit.fingerprint
