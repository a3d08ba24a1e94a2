"""How well a judge does on the held-out part, scored by the code that serves it. Knows no trainer."""

from collections.abc import Callable

import torch

from measures.metrics import estimate
from reranker.examples.ranking import MEASURES, Ranked, quality, rank_groups, telling
from reranker.lychee import LycheeReranker
from reranker.training.data import Part
from reranker.training.loss import soft_label_loss


def measure(reranker: LycheeReranker, part: Part, on_group: Callable[[], None] = lambda: None) -> dict[str, float]:
    """`loss`, the mean over the examples that could be judged, and the mean over the telling groups of each of
    `MEASURES` with its bootstrap interval of 95 % (`nDCG@10_low`, `nDCG@10_high`); without such groups `loss` alone."""
    ranked = rank_groups(reranker, part.groups, part.contents, on_group=on_group)
    figures = {"loss": _loss(ranked)}
    tell = set(telling(part.groups))
    of_order = [one for one in ranked if one.group in tell]
    for name, values in quality(of_order, MEASURES).items() if of_order else ():
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
