"""`lychee ab`: whether a tuned reranker is better, by labelled examples and by the marks of blind reviewers."""

from pathlib import Path
from typing import Annotated

import typer

from evaluation.ab.group import RunByDefault
from evaluation.ab.options import (
    BaseArgument,
    CandidatesFromOption,
    CandidatesOption,
    DataOption,
    GuardOption,
    ScoresOption,
    SplitOption,
    TunedArgument,
)
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
    candidates_from: CandidatesFromOption = None,
    candidates: CandidatesOption = 100,
    split: SplitOption = "test",
    scores: ScoresOption = None,
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
    from evaluation.ab.from_folder import Candidates
    from evaluation.ab.outcome import Rule
    from search.load_settings import load_settings

    of_folders = Candidates(tuple(candidates_from or ()), candidates, split)
    asked = Asked(base, tuned, tuple(data or ()), tuple(guard or ()), of_folders, instruction, scores)
    rule = Rule(significance, max_loss)
    settings = load_settings(config, {"device": device, "dtype": dtype})
    better = compare_models(asked, settings, rule, tuple(measure or MEASURES), json=json)
    if gate and not better:
        raise typer.Exit(1)


@app.command(epilog="Example: lychee ab sheet demo ./tuned --data test.jsonl --output sheet.html --key key.json")
def sheet(
    base: BaseArgument,
    tuned: TunedArgument,
    data: DataOption = None,
    output: Annotated[
        Path, typer.Option("--output", help="The sheet to write: give it to the reviewers.", metavar="FILE")
    ] = Path("sheet.html"),
    key: Annotated[
        Path, typer.Option("--key", help="What says which list is whose: keep it to yourself.", metavar="FILE")
    ] = Path("key.json"),
    queries: Annotated[int, typer.Option("--queries", min=1, max=1000, help="How many to show, at most.")] = 30,
    top_k: Annotated[int, typer.Option("--top-k", min=1, max=50, help="How many documents of each list to show.")] = 5,
    every: Annotated[bool, typer.Option("--all", help="Draw from queries whose lists are the same, too.")] = False,
    seed: Annotated[
        int | None,
        typer.Option("--seed", help="Draws and shuffles alike each time; who knows it can undo the shuffle."),
    ] = None,
    candidates_from: CandidatesFromOption = None,
    candidates: CandidatesOption = 100,
    split: SplitOption = "test",
    scores: ScoresOption = None,
    instruction: InstructionOption = None,
    device: DeviceOption = None,
    dtype: DtypeOption = None,
    config: ConfigOption = None,
) -> None:
    """Write a page on which people mark both lists of each query, not knowing which is whose."""
    from evaluation.ab.command import Asked
    from evaluation.ab.from_folder import Candidates
    from evaluation.review.command import Wanted, write_sheet
    from search.load_settings import load_settings

    settings = load_settings(config, {"device": device, "dtype": dtype})
    of_folders = Candidates(tuple(candidates_from or ()), candidates, split)
    asked = Asked(base, tuned, tuple(data or ()), (), of_folders, instruction, scores)
    write_sheet(asked, settings, Wanted(output, key, queries, top_k, every, seed))


@app.command(epilog="Example: lychee ab read key.json marks-anna.json marks-ben.json marks-chen.json")
def read(
    key: Annotated[Path, typer.Argument(help="The key that `lychee ab sheet` wrote.", metavar="KEY")],
    marks: Annotated[list[Path], typer.Argument(help="What the reviewers saved, one file each.", metavar="MARKS")],
    bar_mark: Annotated[float, typer.Option("--bar-mark", help="By how much the mean mark must be higher.")] = 0.8,
    bar_top: Annotated[
        float,
        typer.Option("--bar-top", help="By which share of BASE's right first documents must be more: 0.2 is 20 %."),
    ] = 0.2,
    gate: Annotated[bool, typer.Option("--gate", help="Leave with 0 where the bar is met, else with 1.")] = False,
    json: JsonOption = False,
) -> None:
    """Read the reviewers' marks: means, agreement, and whether TUNED meets the bar."""
    from evaluation.review.command import read_marks
    from evaluation.review.reading import Bar

    passed = read_marks(key, marks, Bar(bar_mark, bar_top), json=json)
    if gate and not passed:
        raise typer.Exit(1)
