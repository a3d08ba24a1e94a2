"""Model cards: what the hub reads, what a reader needs, and nothing that betrays a machine or breaks the page."""

import platform
from dataclasses import replace
from pathlib import Path

import pytest
from huggingface_hub import ModelCard

from reranker.training.card import escaped, shown_name, write
from reranker.training.run import Data, Run

RUN = Run(
    method="lora",
    options={
        "learning_rate": 2e-5,
        "num_train_epochs": 3.0,
        "lora_rank": 8,
        "weight_decay": 0.0,
        "max_grad_norm": 0.5,
        "seed": 42,
    },
    base="vec-ai/lychee-rerank-mm",
    base_fingerprint="ab" * 16,
    train=Data("/home/somebody/secret/dresses.jsonl", "12" * 16, 270, 54, 0.9, (100, 50, 20, 100)),
    held_out=Data("/home/somebody/secret/dresses.jsonl", "12" * 16, 30, 6, 0.1, (10, 5, 5, 10)),
    device="cpu",
    dtype="float32",
    trained=1234,
    parameters=1_000_000,
    versions={"torch": "2.15.0", "peft": "0.21.2"},
    before={"loss": 0.9, "nDCG@10": 0.5, "nDCG@10_low": 0.4, "nDCG@10_high": 0.6, "MRR": 0.4},
    after={"loss": 0.3, "nDCG@10": 0.8, "nDCG@10_low": 0.75, "nDCG@10_high": 0.85, "MRR": 0.7},
    steps=102,
    epochs=3.0,
    best_step=68,
    seconds=300.0,
    finished=True,
)


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "runs" / "dresses"
    folder.mkdir(parents=True)
    return folder


def cells(text, first):
    """The cells of the table's row that begins so."""
    (row,) = [line for line in text.splitlines() if line.startswith(f"| {first} |")]
    return [cell.strip() for cell in row.strip("|").split(" | ")]


def test_the_front_matter_is_what_the_hub_reads(folder):
    data = ModelCard.load(write(RUN, folder)).data
    assert data.base_model == "vec-ai/lychee-rerank-mm"
    assert data.library_name == "peft"
    assert data.pipeline_tag == "text-ranking"
    assert {"reranker", "lora"} <= set(data.tags)
    assert data.license is None
    assert data.language is None


def test_queries_that_were_trained_on_are_not_called_held_apart(folder):
    text = write(replace(RUN, shared=2), folder).read_text(encoding="utf-8")
    assert "not trained on" not in text
    assert "2 of the queries were trained on, too" in text


def test_a_full_fine_tuning_is_no_adapter(folder):
    card = ModelCard.load(write(replace(RUN, method="full"), folder))
    assert card.data.library_name == "transformers"
    assert "lora" not in card.data.tags
    assert "lora" not in card.text
    assert "lychee merge" not in card.text


def test_figures_stand_with_their_intervals(folder):
    text = write(RUN, folder).read_text()
    assert cells(text, "nDCG@10") == ["nDCG@10", "0.500 (0.400 to 0.600)", "0.800 (0.750 to 0.850)"]
    assert cells(text, "MRR") == ["MRR", "0.400", "0.700"]
    assert "On 6 queries with 30 examples that were not trained on" in text


def test_data_are_told_by_name_count_balance_and_digest(folder):
    text = write(RUN, folder).read_text()
    assert cells(text, "trained on") == [
        "trained on", "dresses.jsonl", "54", "270", "100", "50", "20", "100", f"`{'12' * 16}`",
    ]  # fmt: skip
    assert "10% of the file's queries were held out" in text


def test_settings_are_the_important_ones_and_those_that_differ(folder):
    text = write(RUN, folder).read_text()
    assert cells(text, "`--lora_rank`") == ["`--lora_rank`", "8", "16"]
    assert cells(text, "`--max_grad_norm`") == ["`--max_grad_norm`", "0.5", "1.0"]
    assert cells(text, "`--seed`") == ["`--seed`", "42", ""]
    assert "weight_decay" not in text


def test_the_curves_are_shown_where_they_were_drawn(folder):
    assert "curves.png" not in write(RUN, folder).read_text()
    (folder / "curves.png").write_bytes(b"")
    assert "](curves.png)" in write(RUN, folder).read_text()


def test_without_a_held_out_part_it_says_so(folder):
    text = write(replace(RUN, held_out=None, before=None, after=None), folder).read_text()
    assert "Nothing was held out" in text
    assert "before" not in text


def test_no_folder_host_or_user_is_told(folder, tmp_path):
    base = tmp_path / "models" / "my-base"
    base.mkdir(parents=True)
    text = write(replace(RUN, base=str(base)), folder).read_text()
    assert "my-base" in text
    for secret in ("secret", "somebody", str(tmp_path), str(Path.home()), platform.node()):
        assert secret not in text


def test_license_and_language_are_those_of_the_base_where_it_tells(folder, tmp_path):
    base = tmp_path / "base"
    base.mkdir()
    (base / "README.md").write_text("---\nlicense: apache-2.0\nlanguage:\n- en\n- zh\n---\n# Base\n")
    data = ModelCard.load(write(replace(RUN, base=str(base)), folder)).data
    assert (data.license, data.language) == ("apache-2.0", ["en", "zh"])
    for broken in ("---\nlicense: [\n---\n", "no front matter", "---\n- a\n---\n"):
        (base / "README.md").write_text(broken)
        assert ModelCard.load(write(replace(RUN, base=str(base)), folder)).data.license is None


def test_hostile_names_stay_text(tmp_path):
    folder = tmp_path / "x](http:) <script>alert(1)<"
    folder.mkdir()
    hostile = replace(RUN.train, path="/a/b|c`d`\n# big <img src=x>.jsonl")
    base = tmp_path / "---\nlicense: mine\n---\n# base|"
    base.mkdir()
    text = write(replace(RUN, train=hostile, base=str(base)), folder).read_text()
    assert r"# x\](http:) \<script\>alert(1)\<" in text
    assert r"b\|c\`d\` \# big \<img src=x\>.jsonl" in text
    assert "<script" not in text.replace(r"\<script", "")
    assert ModelCard(text).data.license is None


@pytest.mark.parametrize(
    ("model", "shown"),
    [
        ("demo", "demo"),
        ("vec-ai/lychee-rerank-mm", "vec-ai/lychee-rerank-mm"),
        ("/gone/away/base", "base"),
        ("./base/", "base"),
        ("../gone/base", "base"),
        ("a/b/c", "c"),
    ],
)
def test_a_model_is_shown_by_what_may_be_published(model, shown):
    assert shown_name(model) == shown


def test_escaping_keeps_text_on_one_line():
    assert escaped("a\n\t*b*\x1b[31m\u202e") == r"a \*b\* \[31m"
