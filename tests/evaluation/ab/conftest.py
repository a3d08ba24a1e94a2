"""The demo's judge, one that is worse, and pictures to put in order."""

import json
import shutil
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file
from support.two_judges import judges, triple, write

from demo.catalogue.item import CatalogueItem, generate

__all__ = ["judges", "write"]

DEMO_JUDGE = Path(__file__).parents[3] / "demo" / "models" / "reranker"


@pytest.fixture(scope="session")
def shaken_judge(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo judge with so much noise on its weights that it orders by chance."""
    folder = tmp_path_factory.mktemp("judges") / "shaken"
    shutil.copytree(DEMO_JUDGE, folder)
    weights = load_file(folder / "model.safetensors")
    generator = torch.Generator().manual_seed(0)
    noisy = {
        name: (one.float() + 2 * one.float().std() * torch.randn(one.shape, generator=generator)).to(one.dtype)
        if one.dim() == 2
        else one
        for name, one in weights.items()
    }
    save_file(noisy, folder / "model.safetensors", metadata={"format": "pt"})
    return folder


@pytest.fixture(scope="session")
def catalogue_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twelve queries in words, each with a family's four pictures."""
    folder = tmp_path_factory.mktemp("catalogue")
    lines = []
    families: dict[str, list[CatalogueItem]] = {}
    for item in generate("test", 48, seed=2):
        families.setdefault(item.family, []).append(item)
    for original, *others in families.values():
        for number, item in enumerate((original, *others)):
            name = f"{len(lines)}.png"
            item.picture().save(folder / name)
            lines.append(triple(original.caption("en", 2), {"image": name}, float(number == 0), "image-search"))
    path = folder / "test.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    return path
