"""Merging: a whole checkpoint that scores as the adapter does, written at once or not at all, never over another."""

import json
import shutil

import pytest
import torch
from PIL import Image
from safetensors.torch import load_file
from support.adapters import adapted, edited, write_adapter
from transformers import AutoModelForImageTextToText, AutoProcessor

from content import Content
from content.errors import InvalidInput, ModelError
from reranker import LycheeReranker, checkpoint
from reranker.training.merge import merge
from search.cli.main import run

QUERY = Content(text="a red mug next to a blue bag")
DOCUMENTS = [Content(text="a red mug"), Content(image=Image.new("RGB", (90, 70), "red")), Content(text="白色")]


@pytest.fixture(scope="module")
def adapter(tiny_folder, tmp_path_factory):
    model = adapted(tiny_folder, use_dora=True)
    return write_adapter(model, tmp_path_factory.mktemp("adapter") / "tuned", tiny_folder)


def logits(folder, **options):
    reranker = LycheeReranker.from_pretrained(folder, device="cpu", **{"dtype": "fp32", **options})
    return torch.tensor([judgement.logits for judgement in reranker.score(None, QUERY, DOCUMENTS)])


def test_a_merged_checkpoint_scores_as_the_adapter_does(adapter, tiny_folder, tmp_path):
    merged = merge(adapter, tmp_path / "whole", dtype="fp32")

    assert (tmp_path / "whole/model.safetensors").stat().st_mode == (tmp_path / "whole/config.json").stat().st_mode
    assert (merged.base, merged.dtype) == (str(tiny_folder), "float32")
    assert (logits(adapter) - logits(tiny_folder)).abs().max() > 0.01
    torch.testing.assert_close(logits(tmp_path / "whole"), logits(adapter), atol=1e-4, rtol=1e-4)


def test_without_a_format_it_keeps_the_bases_and_rounds_once(adapter, tmp_path):
    merged, exact = merge(adapter, tmp_path / "half"), merge(adapter, tmp_path / "exact", dtype="fp32")

    half, whole = (load_file(tmp_path / name / "model.safetensors") for name in ("half", "exact"))
    assert merged.dtype == "bfloat16"
    assert exact.size == 2 * merged.size
    assert json.loads((tmp_path / "half/config.json").read_text())["dtype"] == "bfloat16"
    # Both are the same sums in float32, of which one was rounded; the base's own weights are in bfloat16.
    for name, tensor in half.items():
        torch.testing.assert_close(tensor.float(), whole[name].float(), rtol=2**-7, atol=1e-7)


def test_any_loader_of_qwen2_5_vl_takes_it(adapter, tmp_path):
    merge(adapter, tmp_path / "whole")

    model, report = AutoModelForImageTextToText.from_pretrained(tmp_path / "whole", output_loading_info=True)
    processor = AutoProcessor.from_pretrained(tmp_path / "whole")

    assert type(model).__name__ == "Qwen2_5_VLForConditionalGeneration"
    assert not any(report.values())
    assert not hasattr(model, "peft_config")
    assert "<|im_start|>" in processor.apply_chat_template([{"role": "user", "content": "hello"}])


def test_it_needs_neither_adapter_nor_base_any_more(adapter, tiny_folder, tmp_path):
    base = shutil.copytree(tiny_folder, tmp_path / "base")
    moved = edited(adapter, tmp_path / "moved", base_model_name_or_path=str(base))
    expected = logits(moved)
    merge(moved, tmp_path / "whole", dtype="fp32")
    shutil.rmtree(base)
    shutil.rmtree(moved)
    torch.testing.assert_close(logits(tmp_path / "whole"), expected, atol=1e-4, rtol=1e-4)


@pytest.mark.parametrize("there", ["folder", "file", "dangling link"])
def test_nothing_is_written_over(adapter, tmp_path, there):
    output = tmp_path / "whole"
    if there == "folder":
        output.mkdir()
        (output / "precious").write_text("kept")
    elif there == "file":
        output.write_text("kept")
    else:
        output.symlink_to(tmp_path / "nowhere")
    with pytest.raises(InvalidInput, match="is there already"):
        merge(adapter, output)
    assert not (tmp_path / "nowhere").exists()
    assert not output.is_dir() or [path.name for path in output.iterdir()] == ["precious"]


def test_a_merge_that_fails_leaves_nothing_that_looks_like_a_checkpoint(adapter, tmp_path, monkeypatch):
    def full(checkpoint, folder):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("transformers.ProcessorMixin.save_pretrained", full)
    with pytest.raises(InvalidInput, match="cannot be written: No space left on device"):
        merge(adapter, tmp_path / "out" / "whole")
    assert not (tmp_path / "out/whole").exists()


def test_large_checkpoints_are_written_in_shards(adapter, tmp_path, monkeypatch):
    monkeypatch.setattr(checkpoint, "SHARD", "2MB")
    merge(adapter, tmp_path / "whole", dtype="fp32")
    assert len(list((tmp_path / "whole").glob("model-*.safetensors"))) > 2
    torch.testing.assert_close(logits(tmp_path / "whole"), logits(adapter), atol=1e-4, rtol=1e-4)


def test_a_checkpoint_that_is_whole_is_told_so(tiny_folder, tmp_path):
    with pytest.raises(ModelError, match="nothing to merge"):
        merge(tiny_folder, tmp_path / "whole")


class TestTheCommand:
    def test_it_says_what_was_written(self, adapter, tiny_folder, tmp_path, capsys):
        assert run(["merge", str(adapter), str(tmp_path / "whole"), "--dtype", "fp32", "--json"]) == 0
        told = capsys.readouterr()
        assert json.loads(told.out) == {
            "base": str(tiny_folder),
            "dtype": "float32",
            "size": json.loads(told.out)["size"],
            "output": str(tmp_path / "whole"),
        }
        assert told.err == ""

    def test_it_refuses_in_one_line(self, adapter, tmp_path, capsys):
        assert run(["merge", str(adapter), str(tmp_path)]) == 2
        assert capsys.readouterr().err == f"error: {tmp_path} is there already; name a folder that is not\n"
