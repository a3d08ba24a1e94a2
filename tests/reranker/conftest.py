import numpy as np
import pytest
import torch
from PIL import Image
from support.tiny_checkpoint import write_tiny_checkpoint

from reranker import LycheeReranker
from reranker.checkpoint import load
from reranker.pictures import PictureReader
from reranker.writer import PromptWriter


@pytest.fixture(scope="session")
def tiny_folder(tmp_path_factory):
    return write_tiny_checkpoint(tmp_path_factory.mktemp("tiny") / "reranker")


@pytest.fixture(scope="session")
def tiny(tiny_folder):
    """In float32, with batches of three: every call of a few documents makes several, padded ones."""
    return LycheeReranker.from_pretrained(tiny_folder, device="cpu", dtype="fp32", batch_size=3)


@pytest.fixture(scope="session")
def tiny_parts(tiny_folder):
    return load(tiny_folder, device=torch.device("cpu"), dtype=torch.float32)


@pytest.fixture(scope="session")
def tiny_writer(tiny_parts):
    return PromptWriter(tiny_parts.processor, PictureReader(tiny_parts.processor.image_processor))


@pytest.fixture(scope="session")
def picture():
    """picture(width, height, seed): blocks of random colour, so that resizing matters but does not average all away."""

    def make(width: int, height: int, seed: int = 0) -> Image.Image:
        blocks = np.random.default_rng(seed).integers(0, 256, (8, 8, 3), dtype=np.uint8)
        return Image.fromarray(blocks).resize((width, height), Image.Resampling.NEAREST)

    return make
