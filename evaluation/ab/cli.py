"""`lychee ab`: whether a tuned reranker is better, by labelled examples and by the marks of blind reviewers."""

from typing import Annotated

import typer

from evaluation.ab.group import RunByDefault
from evaluation.ab.options import BaseArgument, DataOption, GuardOption, TunedArgument
from search.cli.options import ConfigOption, DeviceOption, DtypeOption, InstructionOption, JsonOption

app = typer.Typer(
    cls=RunByDefault,
    no_args_is_help=True,
    subcommand_metavar="BASE TUNED --data FILE | sheet | read",
    epilog="Example: lychee ab demo ./tuned --data test.jsonl --guard old.jsonl",
)


@app.callback()
def ab() -> None:
    """Is TUNED better than BASE? By labelled examples, and by people who do not know which is which."""


@app.command(epilog="Example: lychee ab demo ./tuned --data test.jsonl --guard old.jsonl --gate")
def run(
    base: BaseArgument,
    tuned: TunedArgument,
    data: DataOption = None,
    guard: GuardOption = None,
    max_loss: Annotated[
        float, typer.Option("--max-loss", min=0.0, max=1.0, help="How much of the first measure a --guard may lose.")
    ] = 0.02,
    significance: Annotated[
        float, typer.Option("--significance", min=0.0, max=1.0, help="Below which p a difference is no chance.")
    ] = 0.05,
    measure: Annotated[
        list[str] | None,
        typer.Option(
            "--measure",
            help="nDCG@k, MRR, MAP@k, recall@k or hit@k; repeatable, and the first decides.",
            metavar="NAME",
            show_default=False,
        ),
    ] = None,
    instruction: InstructionOption = None,
    gate: Annotated[
        bool, typer.Option("--gate", help="Leave with 0 where TUNED is better and no guard lost too much, else with 1.")
    ] = False,
    json: JsonOption = False,
    device: DeviceOption = None,
    dtype: DtypeOption = None,
    config: ConfigOption = None,
) -> None:
    """Let both order the same candidates, and say which does it better. The word `run` can be left out."""
    from evaluation.ab.command import Asked, compare_models
    from evaluation.ab.comparison import MEASURES
    from evaluation.ab.outcome import Rule
    from search.load_settings import load_settings

    asked = Asked(base, tuned, tuple(data or ()), tuple(guard or ()), instruction)
    rule = Rule(significance, max_loss)
    settings = load_settings(config, {"device": device, "dtype": dtype})
    better = compare_models(asked, settings, rule, tuple(measure or MEASURES), json=json)
    if gate and not better:
        raise typer.Exit(1)
