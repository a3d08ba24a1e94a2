"""The examples to learn from, and those held out to measure with, read from files. Knows no tokens and no model."""

import hashlib
import random
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from content.errors import InvalidInput
from reranker.examples.contents import Contents
from reranker.examples.example import Example, Group, grouped
from reranker.examples.file import examples
from reranker.examples.ranking import of_passed_over, telling
from reranker.examples.sameness import alike
from reranker.training.options import Options
from reranker.training.run import Data


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """Groups of one file. contents: reads their pictures."""

    data: Data
    groups: tuple[Group, ...]
    contents: Contents

    @property
    def examples(self) -> list[Example]:
        return list(chain.from_iterable(group.examples for group in self.groups))


@dataclass(frozen=True, slots=True, eq=False)
class Parts:
    """held_out: None where there is nothing to measure with. shared: queries of it that are trained on, too. warnings:
    what a user should know about the two."""

    train: Part
    held_out: Part | None
    shared: int = 0
    warnings: tuple[str, ...] = ()


def read_parts(options: Options, seed: int) -> Parts:
    """Raises NotFound and InvalidInput for a file that is not there or holds something else than examples."""
    path = Path(options.train_data_path)
    groups = grouped(examples(path, "--train_data_path"))
    if options.eval_data_path is not None:
        other = Path(options.eval_data_path)
        train, held_out = _part(path, groups), _part(other, grouped(examples(other, "--eval_data_path")))
        shared = len(set(_queries(train.groups)) & set(_queries(held_out.groups)))
        warnings = (*(_told_of_shared(shared, held_out.data) if shared else ()), *_told_of_order(held_out.data))
        return Parts(train, held_out, shared, warnings)
    kept, held = _split(groups, options.eval_share, seed)
    if not held:
        why = () if options.eval_share == 0 else (f"{path} has one query, so none is held out to measure with",)
        return Parts(_part(path, groups), None, warnings=why)
    share = len(_queries(held)) / len(_queries(groups))
    held_out = _part(path, held, share)
    return Parts(_part(path, kept, 1 - share), held_out, warnings=_told_of_order(held_out.data))


def _split(groups: list[Group], share: float, seed: int) -> tuple[list[Group], list[Group]]:
    """By query: all that is said of one is on one side, however it is written."""
    queries = _queries(groups)
    count = min(max(round(share * len(queries)), 1), len(queries) - 1) if share else 0
    chosen = set(random.Random(seed).sample(queries, count))
    kept: list[Group] = []
    held: list[Group] = []
    for group in groups:
        (held if alike(group.query) in chosen else kept).append(group)
    return kept, held


def _queries(groups: Iterable[Group]) -> list[Hashable]:
    """Each once, however it is written."""
    return list(dict.fromkeys(alike(group.query) for group in groups))


def _part(path: Path, groups: list[Group], share: float = 1.0) -> Part:
    scores = [example.score for group in groups for example in group.examples]
    grades = [sum(min(int(4 * score), 3) == grade for score in scores) for grade in range(4)]
    queries, tell = len(_queries(groups)), len(telling(groups))
    data = Data(str(path), _digest(path), len(scores), queries, share, grades, len(groups), tell)
    return Part(data, tuple(groups), Contents(path.absolute().parent))


def _digest(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=16)).hexdigest()
    except OSError as error:
        raise InvalidInput(f"{path} cannot be read: {error.strerror}") from error


def _told_of_shared(shared: int, held_out: Data) -> tuple[str, ...]:
    return (
        f"{shared:,} of {held_out.queries:,} queries of {held_out.path} are trained on too, which makes its figures "
        "too good; `lychee data split` keeps them apart",
    )


def _told_of_order(held_out: Data) -> tuple[str, ...]:
    if held_out.telling == held_out.groups:
        return ()
    said = of_passed_over(held_out.groups - held_out.telling, held_out.groups)
    return (f"held out: {said}{'' if held_out.telling else '; the loss alone says which weights are best'}",)
