"""The options that the commands of `lychee ab` share. Knows nothing of what they do with them."""

from pathlib import Path
from typing import Annotated

import typer

BaseArgument = Annotated[
    str, typer.Argument(metavar="BASE", help="The reranker to beat: demo, a hub name, or a folder.", show_default=False)
]
TunedArgument = Annotated[
    str,
    typer.Argument(
        metavar="TUNED",
        help="The reranker that should be better: the same, or a folder of an adapter.",
        show_default=False,
    ),
]
DataOption = Annotated[
    list[Path] | None,
    typer.Option(
        "--data",
        help="A JSONL file of examples: those of one instruction and query are candidates that both put in order; or a "
        "folder in BEIR form, with --candidates-from. Repeatable; each is reported on its own.",
        metavar="FILE|FOLDER",
        show_default=False,
    ),
]
GuardOption = Annotated[
    list[Path] | None,
    typer.Option(
        "--guard",
        help="As --data, of an old domain, in which nothing need be won and little may be lost; repeatable.",
        metavar="FILE|FOLDER",
        show_default=False,
    ),
]
CandidatesFromOption = Annotated[
    list[Path] | None,
    typer.Option(
        "--candidates-from",
        help="A run in TREC's form with the candidates of a folder; one for each folder, in the same order.",
        metavar="RUN",
        show_default=False,
    ),
]
CandidatesOption = Annotated[
    int, typer.Option("--candidates", min=2, max=1000, help="How many of the run's candidates a query has, at most.")
]
SplitOption = Annotated[
    str, typer.Option("--split", help="Of a folder's judgements: qrels/SPLIT.tsv.", metavar="SPLIT")
]
ScoresOption = Annotated[
    Path | None,
    typer.Option(
        "--scores",
        help="A file that keeps judgements, so that no pair is judged twice, not even after a kill -9; made if "
        "there is none.",
        metavar="FILE",
        show_default=False,
    ),
]
