"""How well a judge tells a scene from its near-duplicates, kind by kind. Knows no training."""

import random
from collections import defaultdict

import torch
from torch import Tensor

from demo.training.gallery import Gallery
from demo.training.judge import Judge
from demo.training.packing import Packer
from demo.training.verdict_batch import MATCH, Mode, VerdictBatches

MODES = tuple(Mode(query, document) for query, document in ("ti", "it", "tt", "ii", ("it", "t"), ("t", "it")))
_QUERIES = 128


def check(
    judge: Judge, packer: Packer, gallery: Gallery, features: Tensor, queries: int = _QUERIES
) -> dict[str, float]:
    """`t>i swap` and so on: the share of pairs of a match and a near-duplicate in which the match scores higher.

    `t>i first`: the share of queries whose match scores highest of all six documents. `t>i sure`: the share of pairs on
    the right side of 0.5.
    """
    figures: dict[str, float] = {}
    batches = VerdictBatches(gallery)
    for mode in MODES:
        batch = batches.draw(mode, random.Random("check"), queries)
        with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
            verdict = judge.think(packer.pack(batch.asks), features).verdict
        name = f"{mode.query}>{mode.document}"
        won: dict[str, list[bool]] = defaultdict(list)
        first = []
        for scores, kinds in zip(verdict.tolist(), batch.kinds, strict=True):
            match = max(score for score, kind in zip(scores, kinds, strict=True) if kind == MATCH)
            for score, kind in zip(scores, kinds, strict=True):
                if kind != MATCH:
                    won[kind].append(match > score)
            first.append(match >= max(scores))
        figures |= {f"{name} {kind}": sum(one) / len(one) for kind, one in sorted(won.items())}
        figures[f"{name} first"] = sum(first) / len(first)
        figures[f"{name} sure"] = float(((verdict > 0) == torch.from_numpy(batch.right)).float().mean())
    return figures
