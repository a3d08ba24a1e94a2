"""How well a judge tells a scene from its near-duplicates, kind by kind. Knows no training."""

import random
from collections import defaultdict
from math import inf

import torch
from torch import Tensor

from demo.training.gallery import Gallery
from demo.training.judge import Judge
from demo.training.packing import Packer
from demo.training.verdict_batch import Mode, VerdictBatch, VerdictBatches

MODES = (
    *(Mode(query, document) for query, document in ("ti", "it", "tt", "ii", ("it", "t"), ("t", "it"))),
    Mode("t", "i", loose=1.0),
)
_QUERIES = 128


def check(
    judge: Judge, packer: Packer, gallery: Gallery, features: Tensor, queries: int = _QUERIES
) -> dict[str, float]:
    """`t>i swap` and so on: the share of pairs of a right and a wrong document in which the right one scores higher.

    `t>i first`: the share of queries for which a right document scores highest of all six. `t>i sure`: the share of
    pairs on the right side of 0.5, `t>i match` that of the right ones alone. `t>i loose`: queries that leave something
    out.
    """
    figures: dict[str, float] = {}
    batches = VerdictBatches(gallery)
    for mode in MODES:
        batch = batches.draw(mode, random.Random("check"), queries)
        with torch.no_grad(), torch.autocast(judge.model.device.type, torch.bfloat16):
            verdict = judge.think(packer.pack(batch.asks), features).verdict.cpu()
        name = f"{mode.query}>{mode.document}{' loose' if mode.loose else ''}"
        figures |= {f"{name} {what}": figure for what, figure in _figures(verdict, batch).items()}
    return figures


def _figures(verdict: Tensor, batch: VerdictBatch) -> dict[str, float]:
    won: dict[str, list[bool]] = defaultdict(list)
    for scores, rights, kinds in zip(verdict.tolist(), batch.right.tolist(), batch.kinds, strict=True):
        best = max(score for score, right in zip(scores, rights, strict=True) if right)
        wrong = max((score for score, right in zip(scores, rights, strict=True) if not right), default=-inf)
        for score, right, kind in zip(scores, rights, kinds, strict=True):
            if not right:
                won[kind].append(best > score)
        won["first"].append(best > wrong)
    right = torch.from_numpy(batch.right)
    sure, match = float(((verdict > 0) == right).float().mean()), float((verdict[right] > 0).float().mean())
    return {what: sum(one) / len(one) for what, one in sorted(won.items())} | {"sure": sure, "match": match}
