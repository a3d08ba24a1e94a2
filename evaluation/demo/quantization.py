"""What quantised weights cost: the same candidates judged with whole weights and with weights in 8 and 4 bits.

`python -m evaluation.demo.quantization --items 500 --queries 100` prints JSON; its options are those of the command
`lychee evaluate demo`.
"""

import argparse
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial

import numpy as np

from demo.catalogue import EvaluationSet, evaluation_set
from evaluation.conditions import conditions, shown_name
from evaluation.demo.collections import Collections
from evaluation.demo.outcome import Judged, rank_by_score
from evaluation.demo.pairs import Pair, Task
from evaluation.demo.run import judged
from evaluation.demo.sides import query
from indexer import Encoder
from measures.metrics import Estimate, PerQuery, estimate, per_place
from reranker import Reranker
from search.assembly import load_encoder, load_reranker
from search.load_settings import load_settings

TASKS = (Task(Pair("T", "I"), "en"), Task(Pair("I", "T"), "en"), Task(Pair("T", "T"), "zh"), Task(Pair("I", "I"), None))
QUANTIZATIONS = ("none", "int8", "int4")

Found = tuple[str, Sequence[Judged]]
"""The right item of a query, and the candidates in stage 1's order."""


@dataclass(frozen=True, slots=True)
class Cost:
    """ndcg: nDCG@10, mean over all queries of all tasks. change: of it, against the whole weights. largest, mean: of
    all changes of a score, in magnitude. flips: how many scores came to the other side of 0.5. pairs: how many were
    judged."""

    ndcg: float
    change: Estimate
    largest: float
    mean: float
    flips: int
    pairs: int


def costs(rerankers: Mapping[str, Reranker], encoder: Encoder, data: EvaluationSet, candidates: int) -> dict[str, Cost]:
    """One for each reranker, by name, against the first of them. Raises ModelError when a document is not judged."""
    found = {name: _found(reranker, encoder, data, candidates) for name, reranker in rerankers.items()}
    whole = next(iter(found.values()))
    return {name: _cost(whole, own) for name, own in found.items()}


def _found(reranker: Reranker, encoder: Encoder, data: EvaluationSet, candidates: int) -> list[Found]:
    with Collections(data.items, encoder, reranker) as collections:
        return [
            (data.items[index].id, judged(task, query(data.items[index], task), collections, candidates))
            for task in TASKS
            for index in data.queries
        ]


def _cost(whole: Sequence[Found], own: Sequence[Found]) -> Cost:
    before, after = _per_query(whole), _per_query(own)
    old, new = _scores(whole), _scores(own)
    changes = np.abs(new - old)
    return Cost(
        ndcg=float(after.mean()),
        change=estimate(after - before),
        largest=float(changes.max()),
        mean=float(changes.mean()),
        flips=int(((old > 0.5) != (new > 0.5)).sum()),
        pairs=len(changes),
    )


def _per_query(found: Sequence[Found]) -> PerQuery:
    return per_place([rank_by_score(candidates, right) for right, candidates in found])["nDCG@10"]


def _scores(found: Sequence[Found]) -> PerQuery:
    return np.array([one.score for _, candidates in found for one in candidates])


def _note(told: dict[str, str], name: str, what: str, share: float) -> None:
    told[name] = what


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m evaluation.demo.quantization", description=__doc__)
    parser.add_argument("--items", type=int, default=500)
    parser.add_argument("--queries", type=int, default=100, help=f"for each of {len(TASKS)} pairings")
    parser.add_argument("--candidates", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--reranker")
    parser.add_argument("--device")
    parser.add_argument("--dtype")
    options = parser.parse_args()
    settings = load_settings(None, {name: getattr(options, name) for name in ("reranker", "device", "dtype")})
    told: dict[str, str] = {}
    rerankers: dict[str, Reranker] = {}
    for quantization in QUANTIZATIONS:
        quantised = settings.model_copy(update={"quantization": quantization})
        reranker = load_reranker(quantised, progress=partial(_note, told, quantization))
        assert reranker is not None
        rerankers[quantization] = reranker
    shown = vars(options) | {"reranker": shown_name(settings.reranker), "tasks": [task.name for task in TASKS]}
    made_under = conditions(settings.device, settings.dtype, shown)
    data = evaluation_set(items=options.items, queries=options.queries, seed=options.seed)
    found = costs(rerankers, load_encoder(settings), data, options.candidates)
    rows = {name: {"memory": told[name], **asdict(cost)} for name, cost in found.items()}
    print(json.dumps({"conditions": asdict(made_under), "costs": rows}, indent=2))  # noqa: T201


if __name__ == "__main__":
    main()
