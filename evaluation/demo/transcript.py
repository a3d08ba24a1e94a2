"""A run as JSON: written by `lychee evaluate demo --json`, read back by whoever wants to look at it later."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from content.errors import InvalidInput
from evaluation.conditions import Conditions
from evaluation.demo.figures import Figures
from evaluation.demo.outcome import ForeignOutcome, Judged, Outcome, Rival
from evaluation.demo.pairs import Task, languages_named, pairs_named
from evaluation.demo.result import Result, Setup
from measures.calibration import Verdict

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Transcript:
    """A run: what it was made with, the conditions of each of its parts, and its rows."""

    setup: Setup
    conditions: tuple[Conditions, ...]
    results: tuple[Result, ...]


def to_json(setup: Setup, conditions: Conditions, rows: Sequence[tuple[Result, Figures]]) -> Json:
    return {
        "run": asdict(setup),
        "conditions": asdict(conditions),
        "results": [_row(result, figures) for result, figures in rows],
    }


def read(path: Path) -> Transcript:
    """Raises InvalidInput for a file that cannot be read or that holds something else."""
    try:
        data = json.loads(path.read_text("utf-8"))
        setup = Setup(**{name: data["run"][name] for name in Setup.__dataclass_fields__})
        return Transcript(setup, (Conditions(**data["conditions"]),), tuple(_result(row) for row in data["results"]))
    except (OSError, ValueError, KeyError, TypeError, IndexError) as error:
        raise InvalidInput(
            f"{path} cannot be read as what `lychee evaluate demo --json` prints ({type(error).__name__}: {error})",
            param=str(path),
        ) from error


def merged(parts: Sequence[Transcript]) -> Transcript:
    """The rows of several runs as one; where two have the same row, the earlier part's is taken.

    Raises InvalidInput when the parts differ in models, items, catalogue, seed or depth.
    """
    first = parts[0]
    found: dict[Task, Result] = {}
    for part in parts:
        for name in Setup.__dataclass_fields__:
            mine, other = getattr(first.setup, name), getattr(part.setup, name)
            if mine != other:
                raise InvalidInput(f"these runs cannot be merged: their {name} are {mine!r} and {other!r}", param=name)
        for result in part.results:
            found.setdefault(result.task, result)
    conditions = tuple(one for part in parts for one in part.conditions)
    return Transcript(first.setup, conditions, tuple(found.values()))


def _row(result: Result, figures: Figures) -> Json:
    return {
        "pair": result.task.pair.name,
        "language": result.task.language,
        "queries": len(result.outcomes),
        "candidates": result.candidates,
        "figures": asdict(figures),
        "outcomes": [asdict(one) for one in result.outcomes],
        "verdicts": [[one.match, one.score] for one in result.verdicts],
        "foreign": [asdict(one) for one in result.foreign],
    }


def _result(row: Json) -> Result:
    (pair,) = pairs_named([row["pair"]])
    language = None if row["language"] is None else languages_named([row["language"]])[0]
    return Result(
        task=Task(pair, language),
        candidates=row["candidates"],
        outcomes=tuple(_outcome(one) for one in row["outcomes"]),
        verdicts=tuple(Verdict(match, score) for match, score in row["verdicts"]),
        foreign=tuple(ForeignOutcome(**one) for one in row["foreign"]),
    )


def _outcome(data: Json) -> Outcome:
    parsed = {
        "ranks2": {int(depth): place for depth, place in data["ranks2"].items()},
        "first1": Judged(**data["first1"]),
        "first2": Judged(**data["first2"]),
        "rivals": tuple(Rival(**one) for one in data["rivals"]),
    }
    return Outcome(**{**data, **parsed})
