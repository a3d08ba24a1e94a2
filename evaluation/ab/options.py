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
        help="A JSONL file of examples: those of one instruction and query are candidates that both put in order. "
        "Repeatable; each file is reported on its own.",
        metavar="FILE",
        show_default=False,
    ),
]
GuardOption = Annotated[
    list[Path] | None,
    typer.Option(
        "--guard",
        help="A file of examples of an old domain, in which nothing need be won and little may be lost; repeatable.",
        metavar="FILE",
        show_default=False,
    ),
]
