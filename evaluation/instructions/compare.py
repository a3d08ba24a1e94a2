"""`lychee instructions compare`: labelled examples ranked under each instruction. Knows nothing of how that is
tested."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from content.errors import InvalidInput
from search.cli.options import (
    ConfigOption,
    DeviceOption,
    DtypeOption,
    JsonOption,
    JudgeOption,
    QuantizationOption,
    RerankerOption,
)
from search.cli.output import as_json, counting, loading, one_line, plain_table, stdout, warn
from search.load_settings import load_settings
from search.settings import SettingValue

if TYPE_CHECKING:
    from evaluation.instructions.comparing import Contender, Judged, Standing
    from reranker.examples.contents import Contents
    from reranker.examples.example import Group
    from reranker.protocol import Reranker

_LABEL = 60
FileArgument = Annotated[
    Path, typer.Argument(help="Labelled examples, JSONL (docs/training-data.md).", metavar="FILE", show_default=False)
]
InstructionsOption = Annotated[
    list[str] | None,
    typer.Option("--instruction", "-i", help="A text, or a name that `list` shows; repeatable.", metavar="TEXT"),
]
TemplatesOption = Annotated[
    list[str] | None,
    typer.Option(
        "--template", "-t", help="All four parts of a named one, as legal or legal:strict; repeatable.", metavar="NAME"
    ),
]
FamilyOption = Annotated[
    list[str] | None,
    typer.Option("--family", help="A named one and all its light variants; repeatable.", metavar="NAME"),
]


def compare(
    file: FileArgument,
    instruction: InstructionsOption = None,
    template: TemplatesOption = None,
    family: FamilyOption = None,
    own: Annotated[bool, typer.Option("--own", help="Also the instructions that stand in the file.")] = False,
    measure: Annotated[
        str, typer.Option(help="nDCG@k, MRR, MRR@k, MAP, MAP@k, recall@k or hit@k.", metavar="NAME")
    ] = "nDCG@10",
    against: Annotated[
        Literal["best", "first"], typer.Option(help="What the others are tested against: the best, or the first given.")
    ] = "best",
    seed: Annotated[int, typer.Option(help="Of the bootstrap and of the test.")] = 0,
    json: JsonOption = False,
    reranker: RerankerOption = None,
    judge: JudgeOption = None,
    quantization: QuantizationOption = None,
    device: DeviceOption = None,
    dtype: DtypeOption = None,
    config: ConfigOption = None,
) -> None:
    """Rank labelled examples under each instruction, and say which does it best and whether that is more than chance:
    by a paired randomisation test, corrected for the number of instructions."""
    overrides: dict[str, SettingValue] = {
        "reranker": reranker, "judge": judge, "quantization": quantization, "device": device, "dtype": dtype,
    }  # fmt: skip
    settings = load_settings(config, overrides)
    contenders = _contenders(instruction or [], template or [], family or [], own=own)
    from evaluation.instructions.comparing import standings
    from measures.metrics import measure as named_measure
    from reranker.examples.contents import Contents
    from reranker.examples.example import grouped
    from reranker.examples.file import examples
    from reranker.examples.ranking import telling
    from search.assembly import NO_RERANKER, load_reranker

    named_measure(measure)  # nobody should wait for a model to hear of a wrong one
    if settings.reranker == NO_RERANKER:
        raise InvalidInput("instructions are for stage 2, and the reranker is none", param="--reranker")
    every = grouped(examples(file))
    groups = telling(every)
    if not groups:
        raise InvalidInput(f"{file} has no query with documents of two grades, so no order is better than another")
    contents = Contents(file.absolute().parent, settings.image_limits)
    with loading("the reranker") as progress:
        model = load_reranker(settings, progress=progress)
    assert model is not None
    found = _judged(model, groups, contents, contenders, measure)
    _tell(standings(found, against, seed=seed), measure, len(every) - len(groups), json)


def _contenders(
    instructions: Sequence[str], named: Sequence[str], families: Sequence[str], *, own: bool
) -> "list[Contender]":
    """Each text once, in the order of the options. Raises NotFound, and InvalidInput for fewer than two."""
    from content.payload import checked_text
    from evaluation.instructions.comparing import Contender
    from evaluation.instructions.family import family_of
    from reranker.instructions import INSTRUCTIONS
    from reranker.templates import compose, template

    found = [Contender("the file's own", None)] if own else []
    for text in instructions:
        if not checked_text(text, param="--instruction").strip():
            raise InvalidInput("an instruction is a text, and this one is empty", param="--instruction")
        found.append(Contender(text.strip(), INSTRUCTIONS.get(text.strip(), text)))
    for each in named:
        name, _, variant = each.partition(":")
        variant = variant or "plain"
        found.append(Contender(f"{name}:{variant}", compose(template(name).parts(variant))))
    for name in families:
        found += [Contender(f"{name}: {member.name}", member.text) for member in family_of(template(name))]
    once = {one.instruction: one for one in reversed(found)}
    kept = [one for one in found if once[one.instruction] is one]
    if len(kept) < 2:
        raise InvalidInput(
            "give two instructions or more, by --instruction, --template, --family or --own", param="--instruction"
        )
    return kept


def _judged(
    model: "Reranker", groups: "Sequence[Group]", contents: "Contents", contenders: "Sequence[Contender]", measure: str
) -> "list[Judged]":
    from evaluation.instructions.comparing import judged

    with counting("Ranking", len(groups) * len(contenders)) as step:
        return judged(model, groups, contents, contenders, measure, step)


def _tell(ordered: "Sequence[Standing]", measure: str, left_out: int, json: bool) -> None:
    from evaluation.instructions.comparing import verdict
    from reranker.examples.ranking import of_passed_over

    said, queries = verdict(ordered), len(ordered[0].judged.values)
    if json:
        told = {"measure": measure, "queries": queries, "queries_left_out": left_out, "correction": "Holm"}
        typer.echo(as_json({**told, "verdict": said, "instructions": [_row_as_json(one) for one in ordered]}))
        return
    table = plain_table(measure, "95 %", "difference", "p (Holm)", "seconds", "instruction", numbers=5)
    for one in ordered:
        table.add_row(*_row(one))
    console = stdout()
    console.print(table)
    console.print(
        f"{queries:,} queries; p of the paired randomisation test, corrected by Holm's method for {len(ordered) - 1} "
        "tests",
        style="dim",
        markup=False,
    )
    console.print(one_line(said), markup=False, soft_wrap=True)
    left = [of_passed_over(left_out, queries + left_out)] if left_out else []
    warn([*left, *(text for one in ordered for text in _failures(one))])


def _row(one: "Standing") -> list[str]:
    interval = f"{one.mean.low:.3f}-{one.mean.high:.3f}"
    test = ["", ""] if one.against is None or one.p is None else [f"{one.against.difference:+.4f}", f"{one.p:.4f}"]
    from rich.markup import escape

    label = escape(one_line(one.judged.contender.label, _LABEL))
    return [f"{one.mean.mean:.4f}", interval, *test, f"{one.judged.seconds:.1f}", label]


def _row_as_json(one: "Standing") -> dict[str, object]:
    return {
        "label": one.judged.contender.label,
        "instruction": one.judged.contender.instruction,
        **asdict(one.mean),
        "against": None if one.against is None else asdict(one.against),
        "p_corrected": one.p,
        "seconds": one.judged.seconds,
        "failed": one.judged.failed,
        "per_query": [float(value) for value in one.judged.values],
    }


def _failures(one: "Standing") -> list[str]:
    label = one_line(one.judged.contender.label, _LABEL)
    return [f"{label}: {one.judged.failed:,} documents could not be judged"] if one.judged.failed else []
