import json

import pytest
import torch
from PIL import Image

from reranker.embedded import embedded
from reranker.training.judge import load_judge
from reranker.training.options import Options

COLOURS, THINGS = ("red", "blue", "green"), ("mug", "hat", "lamp")
TASK = "Given a product, find the same product"


@pytest.fixture(scope="session")
def demo_folder():
    return str(embedded("reranker"))


@pytest.fixture
def examples_file(tmp_path):
    """examples_file(queries): each with three documents, of which one is right and one half right."""

    def write(queries=6, name="train.jsonl", of="shop"):
        path = tmp_path / name
        with path.open("w", encoding="utf-8") as file:
            for number in range(queries):
                colour, thing = COLOURS[number % 3], THINGS[number // 3 % 3]
                other = COLOURS[(number + 1) % 3]
                for document, score in ((f"{colour} {thing}", 1.0), (f"{other} {thing}", 0.5), ("rain", 0.0)):
                    query = f"a {colour} {thing}, number {number} of the {of}"
                    row = {"instruction": TASK, "query": query, "document": document, "score": score}
                    file.write(json.dumps(row) + "\n")
        return path

    return write


@pytest.fixture
def mixed_file(tmp_path, picture):
    """Texts, pictures and both on either side, and a text that is too long."""
    Image.new("RGB", (60, 40), "red").save(tmp_path / "red.png")
    picture(90, 60).save(tmp_path / "blocks.png")
    sides = ["a red mug", {"image": "red.png"}, {"text": "of many colours", "image": "blocks.png"}, "mug " * 5000]
    path = tmp_path / "mixed.jsonl"
    with path.open("w", encoding="utf-8") as file:
        for query in sides[:3]:
            for place, document in enumerate(sides):
                row = {"instruction": "", "query": query, "document": document, "score": place / 3}
                file.write(json.dumps(row) + "\n")
    return path


@pytest.fixture
def judge_of(demo_folder):
    """judge_of(**options): a demo judge in float32 that is ready to be trained."""

    def load(packs=True, **options):
        options = {"model_name_or_path": demo_folder, "train_data_path": "", "lora_dropout": 0.0, **options}
        return load_judge(Options(**options), torch.device("cpu"), torch.float32, packs=packs)

    return load
