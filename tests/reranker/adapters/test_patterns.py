"""The patterns in an adapter's config, which whoever shares one has written."""

import re
import subprocess
import sys

import pytest
import torch
from support.adapters import adapted, by_peft, edited, logits, opened, refusal, write_adapter


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
