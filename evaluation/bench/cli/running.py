"""What the commands of `lychee bench` have in common: the conditions of a run, its progress, and how it is shown."""

import json
import os
import shlex
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

import typer
from rich.console import Console

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

    from evaluation.bench.setup import Setup
    from evaluation.bench.shape import Shape
    from evaluation.conditions import Conditions
    from evaluation.pages.grid import Grid


def refuse_both(as_json: bool, as_markdown: bool) -> None:
    from content.errors import InvalidInput

    if as_json and as_markdown:
        raise InvalidInput("choose one of --json and --markdown", param="--markdown")


def how(shown: Mapping[str, str] = MappingProxyType({})) -> dict[str, object]:
    """shown: what an option was given -> how it may be published. load_before: processes that ran or waited to, over
    the last minute; far from 0, wall times are rough."""
    words = [_shown(word, shown) for word in sys.argv[1:]]
    return {"command": shlex.join(["lychee", *words]), "load_before": round(os.getloadavg()[0], 2)}


def _shown(word: str, shown: Mapping[str, str]) -> str:
    """word: of the command line, a value or an `--option=value`."""
    option, sign, value = word.partition("=") if word.startswith("-") else ("", "", word)
    return option + sign + shown.get(value, value)


def setup_of(shape: "Shape", threads: int | None, device: str, dtype: str, seed: int, picture_tokens: int) -> "Setup":
    import torch

    from evaluation.bench.setup import Setup

    return Setup(shape, threads or torch.get_num_threads(), device, dtype, seed, picture_tokens)


def conditions_of(setup: "Setup") -> "Conditions":
    from evaluation.conditions import conditions

    made = conditions(setup.device, setup.dtype, how() | asdict(setup))
    return replace(made, threads=setup.threads)


def show(
    found: "DataclassInstance", about: Sequence[str], grids: Sequence["Grid"], *, as_json: bool, as_markdown: bool
) -> None:
    """On stdout. about: sentences that stand before the tables."""
    from evaluation.bench import page
    from evaluation.pages.grid import terminal

    if as_json:
        typer.echo(json.dumps(asdict(found), ensure_ascii=False, indent=2))
    elif as_markdown:
        typer.echo(page.as_markdown(about, grids))
    else:
        console = Console(width=None if sys.stdout.isatty() else 200)
        for sentence in about:
            console.print(sentence, markup=False, highlight=False)
        for grid in grids:
            console.print(terminal(grid))


@contextmanager
def status() -> Iterator[Callable[[str], None]]:
    """What is being done, on stderr."""
    with Console(stderr=True).status("") as status:
        yield status.update
