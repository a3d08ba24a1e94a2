"""What `lychee ab sheet` and `lychee ab read` do. Measures nothing itself."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import typer
from rich.text import Text

from content import Content
from content.errors import InvalidInput
from evaluation.ab.command import Asked
from evaluation.pages.grid import terminal
from evaluation.review.choice import Choice, Chosen, choose, first_documents
from evaluation.review.key import Key, KeyCard, read_key, write_key
from evaluation.review.marks import read_reviewers
from evaluation.review.page import page
from evaluation.review.reading import Bar, check_bar, review, verdict
from evaluation.review.sheet import make_sheet, query_of
from evaluation.review.shown import as_dict, grid, notes, sentence, warnings
from reranker.examples.file import write_lines
from search.cli.output import as_json, one_line, stdout, warn
from search.settings import Settings


@dataclass(frozen=True, slots=True)
class Wanted:
    """queries: at most so many. shown: documents of each list. every: queries whose lists are the same, too. seed: None
    draws one, which the key remembers."""

    output: Path
    key: Path
    queries: int
    shown: int
    every: bool
    seed: int | None


def write_sheet(asked: Asked, settings: Settings, wanted: Wanted) -> None:
    """Writes sheet and key. Raises InvalidInput where one is there already: marks of a sheet need its own key."""
    for path, option in ((wanted.output, "--output"), (wanted.key, "--key")):
        if path.exists():
            raise InvalidInput(f"{path} is there already; name another file, or remove it", param=option)
    if wanted.output.absolute() == wanted.key.absolute():
        raise InvalidInput("sheet and key are two files; reviewers get only the first", param="--key")
    with asked.judged(settings) as (sections, base, tuned):
        seed = secrets.randbits(128) if wanted.seed is None else wanted.seed
        choice = choose(sections, base, tuned, count=wanted.queries, shown=wanted.shown, every=wanted.every, seed=seed)
        sheet = make_sheet(choice.chosen, asked.instruction)
        key = Key(
            sheet=sheet.id,
            base=base.name,
            tuned=tuned.name,
            seed=seed,
            queries=choice.queries,
            differing=choice.differing,
            every=wanted.every,
            top=first_documents(sections, base, tuned),
            cards=tuple(_card(str(number), one) for number, one in enumerate(choice.chosen, start=1)),
        )
    write_key(wanted.key, key)
    write_lines(wanted.output, [page(sheet)])
    _tell(choice, wanted)


def read_marks(key_file: Path, marks: Sequence[Path], bar: Bar, *, json: bool) -> bool:
    """Prints what the marks come to, and gives whether the bar is met."""
    check_bar(bar)
    key = read_key(key_file)
    found = review(read_reviewers(marks, key))
    came = verdict(found, key, bar)
    if json:
        typer.echo(as_json(as_dict(found, key, bar, came)))
        return came.passed
    console = stdout()
    console.print(Text(f"BASE is {one_line(key.base)}, TUNED is {one_line(key.tuned)}."))
    console.print(terminal(grid(found)))
    for note in notes(found, key):
        console.print(Text(note))
    console.print()
    console.print(Text(one_line(sentence(found, key, bar, came)), style="bold"), soft_wrap=True)
    warn(list(warnings(found)))
    return came.passed


def _card(id: str, one: Chosen) -> KeyCard:
    query = query_of(one)
    text = (query.text or "[image]") if isinstance(query, Content) else "[unreadable]"
    return KeyCard(id, one.section.name, one_line(text, 200), one.left)


def _tell(choice: Choice, wanted: Wanted) -> None:
    told = (
        f"{wanted.output} shows {len(choice.chosen):,} queries; the lists differ for {choice.differing:,} of "
        f"{choice.queries:,}. Give it to three reviewers. Keep {wanted.key} to yourself: it says which list is whose. "
        f"Then: lychee ab read {wanted.key} marks-*.json"
    )
    stdout().print(Text(one_line(told)), soft_wrap=True)
