"""How far quantised weights may move the demo judge. The bounds are about three times what was measured
(docs/benchmarks.md)."""

from pathlib import Path

import pytest

import demo
from demo.catalogue import evaluation_set
from evaluation.demo.quantization import QUANTIZATIONS, costs
from indexer import OpenClipEncoder
from reranker import LycheeReranker

MODELS = Path(next(iter(demo.__path__))) / "models"
NDCG = {"int8": 0.01, "int4": 0.03}
SCORE = {"int8": 0.02, "int4": 0.35}


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
