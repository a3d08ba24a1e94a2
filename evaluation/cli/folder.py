"""`lychee evaluate folder`: both stages on a folder in BEIR form, by their user's options."""

from pathlib import Path
from typing import Annotated

import typer

from content import Target
from evaluation.cli.options import MeasureOption, PerQueryOption, RelevantOption, measures_named
from search.cli.options import (
    ChannelOption,
    ConfigOption,
    DeviceOption,
    DtypeOption,
    EncoderOption,
    InstructionOption,
    JudgeOption,
    QuantizationOption,
    RerankerOption,
)


def folder(
    folder: Annotated[
        Path,
        typer.Argument(
            help="Holds corpus.jsonl, queries.jsonl and qrels/SPLIT.tsv; pictures lie below it.", show_default=False
        ),
    ],
    split: Annotated[str, typer.Option(help="Which judgements: the name of a file in qrels/.")] = "test",
    work: Annotated[
        Path | None, typer.Option(help="What is kept between runs (default: FOLDER/.lychee).", show_default=False)
    ] = None,
    candidates: Annotated[int, typer.Option(min=1, max=1000, help="How many candidates stage 2 reads.")] = 100,
    candidates_from: Annotated[
        Path | None,
        typer.Option(help="A TREC run whose candidates are taken in place of stage 1's; nothing is indexed then."),
    ] = None,
    queries: Annotated[int | None, typer.Option(min=1, help="At most so many queries, evenly spread.")] = None,
    measure: MeasureOption = None,
    relevant: RelevantOption = 1,
    instruction: InstructionOption = None,
    target: Annotated[Target, typer.Option(help="Search pictures, texts or both.")] = "any",
    channel: ChannelOption = None,
    per_query: PerQueryOption = False,
    runs_out: Annotated[
        Path | None, typer.Option(help="A folder for stage1.trec and stage2.trec.", metavar="DIR")
    ] = None,
    report: Annotated[Path | None, typer.Option(help="Also write an HTML report.", metavar="FILE")] = None,
    encoder: EncoderOption = None,
    reranker: RerankerOption = None,
    judge: JudgeOption = None,
    quantization: QuantizationOption = None,
    device: DeviceOption = None,
    dtype: DtypeOption = None,
    config: ConfigOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, down to the query, instead of tables.")] = False,
) -> None:
    """Both stages on your own queries, documents and judgements. Interrupted, it goes on where it was when it is run
    again; what was judged once is never judged again, whatever you measure next."""
    # Imported here: `lychee --help` must not wait for torch, nor a mistake in an option.
    from evaluation.cli.folder_shown import bars, show, written
    from evaluation.conditions import conditions
    from evaluation.folder.evaluation import Plan, evaluate
    from evaluation.folder.folder import BeirFolder
    from evaluation.folder.indexed import Recall
    from evaluation.folder.run import Task
    from evaluation.runs.trec import read_run
    from reranker.instructions import INSTRUCTIONS
    from search.assembly import index_policy, load_encoder, load_reranker
    from search.cli.channels import channel_weights
    from search.cli.output import loading, warn
    from search.load_settings import load_settings

    names = measures_named(measure)
    recall = Recall(candidates, target, channel_weights(channel or []) or None)
    settings = load_settings(
        config,
        {
            "encoder": encoder, "reranker": reranker, "judge": judge,
            "quantization": quantization, "device": device, "dtype": dtype,
        },
    )  # fmt: skip
    given = None if candidates_from is None else read_run(candidates_from)
    task = Task(INSTRUCTIONS.get((instruction or "").strip(), instruction), target)
    with BeirFolder(folder, split, settings.image_limits) as opened:
        warn(opened.warnings)
        with loading("the models"):
            stage1 = None if given is not None else load_encoder(settings)
            stage2 = load_reranker(settings)
        plan = Plan(
            work or folder / ".lychee",
            recall,
            task,
            queries,
            given,
            settings.encoder_batch_size,
            index_policy(settings),
        )
        options = {
            "split": split, "candidates": candidates, "candidates_from": None if given is None else given.tag,
            "queries": queries, "target": target, "channels": dict(recall.channels or {}),
            "judge": settings.judge, "quantization": settings.quantization,
            "reranker_pass": settings.reranker_pass,
        }  # fmt: skip
        with bars() as watcher:
            made_under = conditions(settings.device, settings.dtype, options)
            evaluation, tally = evaluate(opened, stage1, stage2, plan, made_under, watcher)
        warn(evaluation.warnings[len(opened.warnings) :])
        files = written(evaluation, opened, plan.work, runs_out, report, relevant, measure and names)
    show(evaluation, tally, names, relevant, files, per_query=per_query, as_json=as_json)
