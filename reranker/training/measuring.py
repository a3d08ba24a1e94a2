"""How well a judge does on the held-out part, scored by the code that serves it. Knows no trainer."""

from collections.abc import Callable

import torch

from measures.metrics import estimate
from reranker.examples.ranking import MEASURES, Ranked, quality, rank_groups
from reranker.lychee import LycheeReranker
from reranker.training.data import Part
from reranker.training.loss import soft_label_loss


def measure(reranker: LycheeReranker, part: Part, on_group: Callable[[], None] = lambda: None) -> dict[str, float]:
    """`loss`, the mean over the examples that could be judged, and the mean over the groups of each of `MEASURES` with
    its bootstrap interval of 95 % (`nDCG@10_low`, `nDCG@10_high`)."""
    ranked = rank_groups(reranker, part.groups, part.contents, on_group=on_group)
    figures = {"loss": _loss(ranked)}
    for name, values in quality(ranked, MEASURES).items():
        made = estimate(values)
        figures |= {name: made.mean, f"{name}_low": made.low, f"{name}_high": made.high}
    return figures


def _loss(ranked: list[Ranked]) -> float:
    pairs = [
        (judgement.logits, example.score)
        for one in ranked
        for judgement, example in zip(one.judgements, one.group.examples, strict=True)
        if judgement.logits is not None
    ]
    if not pairs:
        return float("nan")
    logits, scores = zip(*pairs, strict=True)
    return float(soft_label_loss(torch.tensor(logits), torch.tensor(scores)).mean())
