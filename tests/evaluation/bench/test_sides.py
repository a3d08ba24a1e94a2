"""What the sides have seen before, and whose memory is told."""

import pytest
import torch

from evaluation.bench.checkpoint import make
from evaluation.bench.corpus import Corpus
from evaluation.bench.memory import side_peaks
from evaluation.bench.setup import Setup
from evaluation.bench.shape import PRESETS
from evaluation.bench.sides import COLD, WARM, sides
from evaluation.bench.timing import once

TOKENS = 16


@pytest.mark.parametrize(("name", "expected"), [(COLD, [3, 3, 3]), (WARM, [3, 0, 0])])
def test_cold_reads_all_pictures_in_every_round_and_warm_none_after_the_first(name, expected):
    checkpoint = make(PRESETS["tiny"], torch.device("cpu"), torch.float32, 0)
    task = Corpus(checkpoint.processor.tokenizer, TOKENS, seed=1).task("T->I", 3, rounds=3)
    seen: list[int] = []  # tokens, run of the tower by run
    checkpoint.model.model.visual.merger.register_forward_hook(lambda _module, _given, out: seen.append(len(out)))
    (side,) = sides(checkpoint, [name])
    pictures = []
    for number in range(3):
        seen.clear()
        once(side, task, number, synchronize=lambda: None)
        pictures.append(sum(seen) / TOKENS)
    assert pictures == expected


def test_the_memory_of_a_warm_run_is_not_told_since_a_cold_one_comes_before_it():
    setup = Setup(PRESETS["tiny"], 1, "cpu", "fp32", seed=1, picture_tokens=TOKENS)
    assert side_peaks(setup, "T->I", 1, [(WARM, None)]) == {}
