"""`lychee instructions`: the library of instructions listed, shown, built on, and compared. Knows no model itself."""

from dataclasses import asdict, fields, replace
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from content.errors import InvalidInput
from evaluation.instructions.compare import compare
from search.cli.options import JsonOption
from search.cli.output import as_json, one_line, plain_table, stdout, warn

if TYPE_CHECKING:
    from reranker.templates import Parts

Variant = Literal["plain", "strict", "lenient", "chinese"]
Answers = Literal["yes-no", "rating"]
VariantOption = Annotated[Variant, typer.Option("--variant", help="The tone, or the language.")]
AnswersOption = Annotated[Answers, typer.Option("--judge", help="What stage 2 answers, as in the setting.")]
PartOption = Annotated[str | None, typer.Option(metavar="TEXT", show_default=False)]

app = typer.Typer(help="Instructions for stage 2: list, show, build, compare.", no_args_is_help=True)


@app.callback()
def instructions() -> None:
    """Instructions for stage 2: list, show, build, compare. A good one is the cheapest way to better results."""


@app.command("list", epilog="Example: lychee instructions list --scenario knowledge")
def list_instructions(
    scenario: Annotated[str | None, typer.Option(help="Only those of this scenario.", metavar="NAME")] = None,
    json: JsonOption = False,
) -> None:
    """Every named instruction, by scenario, with the sentence that it stands for."""
    from reranker.templates import templates

    every = templates()
    scenarios = list(dict.fromkeys(one.scenario for one in every))
    if scenario is not None and scenario not in scenarios:
        raise InvalidInput(f"there is no scenario {scenario!r}; there are {', '.join(scenarios)}", param="--scenario")
    chosen = [one for one in every if scenario in (None, one.scenario)]
    if json:
        variants = [{"variants": [each.name for each in one.variants]} for one in chosen]
        rows = [{"name": one.name, "scenario": one.scenario, "text": one.text} for one in chosen]
        typer.echo(as_json([row | more for row, more in zip(rows, variants, strict=True)]))
        return
    table = plain_table("scenario", "name", "instruction", numbers=0)
    for one in chosen:
        table.add_row(one.scenario, one.name, one.text)
    stdout().print(table)


@app.command(epilog="Example: lychee instructions show legal --variant strict")
def show(
    name: Annotated[str, typer.Argument(help="A name that `list` shows.", metavar="NAME", show_default=False)],
    variant: VariantOption = "plain",
    judge: AnswersOption = "yes-no",
    json: JsonOption = False,
) -> None:
    """The parts of an instruction, and the text that they come to."""
    from reranker.templates import compose, template

    found = template(name, judge)
    parts = found.parts(variant)
    told = {"name": found.name, "scenario": found.scenario, "variant": variant, "sentence": found.text}
    if json:
        typer.echo(as_json({**told, **asdict(parts), "text": compose(parts)}))
        return
    console = stdout()
    table = plain_table("part", "says", numbers=0)
    for part, text in asdict(parts).items():
        table.add_row(part, text)
    console.print(table)
    console.print(f"\n{compose(parts)}", markup=False, soft_wrap=True)


@app.command(epilog="Example: lychee instructions build --root product-search --role 'You sell spare parts' --variants")
def build(
    role: PartOption = None,
    task: PartOption = None,
    standard: PartOption = None,
    output: PartOption = None,
    root: Annotated[
        str | None,
        typer.Option("--root", help="A named instruction to begin with; its parts hold where none is given."),
    ] = None,
    variant: VariantOption = "plain",
    variants: Annotated[
        bool, typer.Option("--variants", help="Print the whole family: the task alone, and light variants of it.")
    ] = False,
    judge: AnswersOption = "yes-no",
    json: JsonOption = False,
) -> None:
    """Make an instruction of four parts: who judges (--role), what is given and wanted (--task), what counts as a match
    (--standard), when to answer what (--output). What is wrong with it is told on stderr."""
    from evaluation.instructions.family import Member, family, family_of
    from reranker.templates import Parts, compose, template

    found = None if root is None else template(root, judge)
    base = Parts() if found is None else found.parts(variant)
    given = {"role": role, "task": task, "standard": standard, "output": output}
    own = {part: _checked(text, part) for part, text in given.items() if text is not None}
    parts = replace(base, **own)
    text = compose(parts)
    if not text:
        raise InvalidInput(
            "an instruction needs at least a --task; or begin with a named one by --root", param="--task"
        )
    _warn_of_faults(text, parts)
    members = [Member("", text)]
    if variants:
        members = family_of(found) if found is not None and not own and variant == "plain" else family(parts)
    if json:
        family_told = [{"name": one.name, "text": one.text} for one in members] if variants else None
        typer.echo(as_json({**asdict(parts), "text": text, "variants": family_told}))
        return
    for one in members:
        typer.echo(one_line(one.text))


app.command(
    epilog="Example: lychee instructions compare test.jsonl --template product-search --template product-search:strict"
)(compare)


def _checked(text: str, part: str) -> str:
    from content.payload import checked_text

    return checked_text(text, param=f"--{part}")


def _warn_of_faults(text: str, parts: "Parts") -> None:
    """What `lychee data check` would say of it, as a whole and of its parts."""
    from reranker.examples.checks.instructions import instruction_faults
    from reranker.examples.checks.kinds import INSTRUCTION_SHORT

    written = [getattr(parts, field.name) for field in fields(parts)]
    whole = list(instruction_faults(text))
    # a part may be short, and a part that is a name makes no sentence of the whole
    whole += [
        fault for part in written if part for fault in instruction_faults(part) if fault.kind is not INSTRUCTION_SHORT
    ]
    said = dict.fromkeys(f"{one_line(fault.reason)}. {fault.kind.remedy}" for fault in whole)
    warn(list(said))
