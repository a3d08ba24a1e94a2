"""Compared systems as JSON holds them. Computes nothing."""

from collections.abc import Sequence
from dataclasses import asdict

from evaluation.quality.figures import System


def systems_json(systems: Sequence[System], queries: Sequence[str]) -> list[dict[str, object]]:
    """queries: in the order of the qrels."""
    return [
        {
            "system": one.name,
            "figures": {name: asdict(each) for name, each in one.estimates.items()},
            "against_first": {name: asdict(each) for name, each in one.against.items()},
            "per_query": {
                query: {name: float(values[at]) for name, values in one.values.items()}
                for at, query in enumerate(queries)
            },
        }
        for one in systems
    ]
