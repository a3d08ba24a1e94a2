"""How far quantised weights may move the demo judge.

Measured on these 400 pairs: no change of nDCG@10 (one right item that falls to the second place is 0.009), scores off
by 0.003 in 8 bits and 0.018 in 4. The bounds are five times that; the larger run of docs/benchmarks.md saw larger
changes in rare pairs.
"""

from pathlib import Path

import pytest

import demo
from demo.catalogue import evaluation_set
from evaluation.demo.quantization import QUANTIZATIONS, costs
from indexer import OpenClipEncoder
from reranker import LycheeReranker

MODELS = Path(next(iter(demo.__path__))) / "models"
NDCG = {"int8": 0.01, "int4": 0.02}
SCORE = {"int8": 0.016, "int4": 0.09}


@pytest.mark.slow
def test_the_demo_judge_ranks_as_well_with_quantised_weights():
    rerankers = {
        name: LycheeReranker.from_pretrained(MODELS / "reranker", device="cpu", dtype="fp32", quantization=name)
        for name in QUANTIZATIONS
    }
    encoder = OpenClipEncoder.from_pretrained(str(MODELS / "encoder"), device="cpu")

    found = costs(rerankers, encoder, evaluation_set(items=60, queries=10, seed=1), candidates=10)

    assert found["none"].largest == 0.0
    assert found["none"].ndcg > 0.8
    for name in ("int8", "int4"):
        assert found[name].largest > 0.0  # else nothing was quantised
        assert abs(found[name].change.mean) <= NDCG[name]
        assert found[name].largest <= SCORE[name]
