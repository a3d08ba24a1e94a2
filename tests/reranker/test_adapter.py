"""LoRA adapters: judges like any other, whose scores are those of peft's own forward, and one clear line for all that
cannot be loaded."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from PIL import Image
from safetensors.torch import load_file, save_file
from support.adapters import adapted, edited, write_adapter

from content import Content
from content.errors import ModelError
from reranker import GenerativeReranker, LycheeReranker
from reranker.adapter_files import record_base
from reranker.checkpoint import load
from reranker.pictures import PictureReader
from reranker.request import Request
from reranker.writer import PromptWriter

WEIGHTS = "adapter_model.safetensors"
INSTRUCTION = "Given a text, find what shows it"
QUERY = Content(text="a red mug next to a blue bag")
DOCUMENTS = [
    Content(text="a red mug on a table"),
    Content(image=Image.new("RGB", (90, 70), "red"), text="白色"),
    Content(text="a blue bag"),
]


@pytest.fixture(scope="module")
def model(tiny_folder):
    return adapted(tiny_folder)


@pytest.fixture(scope="module")
def folder(model, tiny_folder, tmp_path_factory):
    return write_adapter(model, tmp_path_factory.mktemp("adapter") / "tuned", tiny_folder)


@pytest.fixture
def copy(folder, tmp_path):
    """One that may be broken."""
    return shutil.copytree(folder, tmp_path / "copy")


def opened(place, **options):
    return LycheeReranker.from_pretrained(place, **{"device": "cpu", "dtype": "fp32", **options})


def logits(reranker):
    judgements = reranker.score(INSTRUCTION, QUERY, DOCUMENTS)
    assert [judgement.error for judgement in judgements] == [None] * len(DOCUMENTS)
    return torch.tensor([judgement.logits for judgement in judgements])


def by_peft(model, base):
    """Logits of (yes, no), each prompt alone through peft's forward."""
    processor = load(base, device=torch.device("cpu"), dtype=torch.float32).processor
    pictures = PictureReader(processor.image_processor)
    verdicts = [processor.tokenizer.encode(word)[0] for word in ("yes", "no")]
    rows = []
    for document in DOCUMENTS:
        prompt = Request(PromptWriter(processor, pictures), INSTRUCTION, QUERY).prompt(document)
        ids = prompt.input_ids[None]
        inputs = {"input_ids": ids, "mm_token_type_ids": (ids == model.config.image_token_id).int()}
        if prompt.pictures:
            inputs["pixel_values"], inputs["image_grid_thw"] = pictures.patches(prompt.pictures)
        with torch.inference_mode():
            rows.append(model(**inputs).logits[0, -1, verdicts])
    return torch.stack(rows)


def refusal(place):
    with pytest.raises(ModelError) as caught:
        opened(place)
    assert "\n" not in caught.value.message
    assert len(caught.value.message) < 700
    return caught.value.message


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


class TestWhereTheBaseIs:
    @pytest.fixture
    def home(self, tiny_folder, folder, tmp_path):
        """A base and an adapter in one tree, as a training leaves them."""
        base = shutil.copytree(tiny_folder, tmp_path / "home/models/base")
        tuned = tmp_path / "home/runs/tuned"
        tuned.mkdir(parents=True)
        edited(folder, tuned / "copy", base_model_name_or_path=record_base(str(base), tuned))
        for path in (tuned / "copy").iterdir():
            path.rename(tuned / path.name)
        return tmp_path / "home"

    def test_an_adapter_may_be_moved_alone(self, home, tmp_path):
        moved = shutil.move(home / "runs/tuned", tmp_path / "elsewhere")
        assert logits(opened(moved)).isfinite().all()

    def test_an_adapter_may_be_moved_together_with_its_base(self, home, tmp_path):
        moved = shutil.move(home, tmp_path / "elsewhere")
        assert logits(opened(Path(moved) / "runs/tuned")).isfinite().all()

    def test_a_checkpoint_of_the_training_finds_the_base_as_well(self, home, tmp_path):
        tuned = home / "runs/tuned"
        (tuned / "checkpoint-5").mkdir()
        for name in ("adapter_config.json", WEIGHTS):
            shutil.copy(tuned / name, tuned / "checkpoint-5")
        moved = shutil.move(home, tmp_path / "elsewhere")
        assert logits(opened(Path(moved) / "runs/tuned/checkpoint-5")).isfinite().all()

    def test_a_path_is_one_from_the_adapters_folder(self, home):
        there = edited(home / "runs/tuned", home / "runs/other", base_model_name_or_path="../../models/base")
        assert logits(opened(there)).isfinite().all()

    def test_a_base_that_is_gone_is_named_with_what_to_do(self, home):
        shutil.rmtree(home / "models")
        message = refusal(home / "runs/tuned")
        assert f"the base of the adapter {home / 'runs/tuned'} cannot be had" in message
        assert str(home / "models/base") in message
        assert "base_model_name_or_path" in message

    def test_a_base_of_the_hub_out_of_reach_is_told(self, folder, tmp_path):
        away = edited(folder, tmp_path / "away", base_model_name_or_path="vec-ai/not-downloaded-here")
        assert "the hub cannot be reached" in refusal(away)

    def test_names_are_kept_and_folders_made_absolute(self, tmp_path, monkeypatch):
        monkeypatch.chdir(tmp_path)
        (tmp_path / "base").mkdir()
        (tmp_path / "out").mkdir()
        assert record_base("demo", tmp_path / "out") == "demo"
        assert record_base("vec-ai/lychee-rerank-mm", tmp_path / "out") == "vec-ai/lychee-rerank-mm"
        assert not (tmp_path / "out/base.json").exists()
        assert record_base("base", Path("out")) == str(tmp_path / "base")
        assert json.loads((tmp_path / "out/base.json").read_text()) == {"relative": "../base"}

    @pytest.mark.parametrize("base", ["~nobody/x", "a\0b", "x" * 5000, "./a", "../nowhere"])
    def test_paths_that_no_system_has_are_refused(self, folder, tmp_path, base):
        assert str(tmp_path) in refusal(edited(folder, tmp_path / "odd", base_model_name_or_path=base))

    @pytest.mark.parametrize("base", [None, "", 5, ["a"]])
    def test_an_adapter_without_a_base_is_refused(self, folder, tmp_path, base):
        assert "names no base" in refusal(edited(folder, tmp_path / "odd", base_model_name_or_path=base))

    def test_an_adapter_on_an_adapter_is_refused(self, folder, tmp_path):
        twice = edited(folder, tmp_path / "twice", base_model_name_or_path=str(folder))
        assert "merge that first" in refusal(twice)


class TestPatterns:
    """Whoever shares an adapter writes the patterns in its config."""

    @pytest.mark.parametrize(
        "pattern",
        [
            r".*language_model.*\.(q|k|v|o|gate|up|down)_proj",
            r"(?:model\.language_model)\.(?:.*\.)?(?:self_attn\.[qkvo]_proj|mlp\.(?:gate|up|down)_proj)",
            r"^(?!.*visual).*?(?:language|text).*?(?:self_attn|mlp).*?(?:\w+_proj).*?$",
        ],
    )
    def test_those_that_people_write_mean_what_peft_takes_them_to_mean(self, folder, tmp_path, pattern):
        written = edited(folder, tmp_path / "written", target_modules=pattern)
        assert torch.equal(logits(opened(written)), logits(opened(folder)))

    @pytest.mark.parametrize("config", [{"target_modules": "all-linear"}, {"target_modules": ["q_proj", "mlp.0"]}])
    def test_words_and_lists_load(self, tiny_folder, tmp_path, config):
        model = adapted(tiny_folder, **config)
        reranker = opened(write_adapter(model, tmp_path / "tuned", tiny_folder))
        torch.testing.assert_close(logits(reranker), by_peft(model, tiny_folder), atol=1e-4, rtol=1e-4)

    def test_the_first_pattern_of_ranks_and_strengths_that_matches_counts(self, tiny_folder, tmp_path):
        ranks, strengths = {r"layers\.0\..*q_proj": 2, "q_proj": 3, r"[kv]_proj": 5}, {r"self_attn\.\w": 1, r"\w+": 30}
        model = adapted(tiny_folder, rank_pattern=ranks, alpha_pattern=strengths)
        reranker = opened(write_adapter(model, tmp_path / "tuned", tiny_folder))
        torch.testing.assert_close(logits(reranker), by_peft(model, tiny_folder), atol=1e-4, rtol=1e-4)

    @pytest.mark.slow
    def test_none_can_keep_a_server_from_answering(self, folder, tmp_path):
        """In a process of its own: `re` could not be interrupted here."""
        hanging = r"(\w+\.?)+\$"
        changes = {"target_modules": hanging, "exclude_modules": hanging, "rank_pattern": {hanging: 4}}
        places = [edited(folder, tmp_path / key, **{key: value}) for key, value in changes.items()]
        code = (
            "import sys; from content.errors import ModelError; from reranker import LycheeReranker\n"
            "for place in sys.argv[1:]:\n"
            "  try: LycheeReranker.from_pretrained(place, device='cpu', dtype='fp32'); print('loaded')\n"
            "  except ModelError as error: print(error)"
        )
        run = [sys.executable, "-c", code, *places]
        told = subprocess.run(run, timeout=120, text=True, capture_output=True, check=True).stdout.splitlines()
        assert "name no layer of its base" in told[0]
        assert told[1:] == ["loaded", "loaded"]  # what matches no name leaves out nothing, and changes no rank

    @pytest.mark.parametrize("key", ["target_modules", "exclude_modules", "rank_pattern", "alpha_pattern"])
    def test_one_that_takes_too_long_is_named(self, folder, tmp_path, monkeypatch, key):
        monkeypatch.setattr("reranker.adapter_patterns._PATIENCE_S", 0.5)
        slow = r"(.*)(.*)(.*)(.*)(.*)(.*)(.*)\7\6\5\4\3\2\1[#$]"
        odd = edited(folder, tmp_path / "odd", **{key: {slow: 4} if key.endswith("_pattern") else slow})
        assert re.search(f"{key} .* a pattern that takes longer than 0.5 s", refusal(odd))

    @pytest.mark.parametrize(
        ("config", "told"),
        [
            ({"target_modules": "(a"}, "target_modules '(a', which is no pattern"),
            ({"target_modules": "(" * 4000 + ")" * 4000}, "which is no pattern"),
            ({"target_modules": "a" * 100_000}, "a pattern of 100,000 characters"),
            ({"target_modules": "nothing"}, "name no layer of its base"),
            ({"target_modules": []}, "name no layer of its base"),
            ({"modules_to_save": [r"(\w+\.?)+\$"]}, "which is no module's name"),
            ({"target_modules": ["q_proj"], "layers_to_transform": [0], "layers_pattern": "(a+)+"}, "layers_pattern"),
            ({"rank_pattern": ["q_proj"]}, "adapter_config.json"),
            ({"alpha_pattern": 5}, "alpha_pattern"),
        ],
    )
    def test_what_is_none_is_refused(self, folder, tmp_path, config, told):
        assert told in refusal(edited(folder, tmp_path / "odd", **config))


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
