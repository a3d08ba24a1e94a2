"""The arguments and options that the commands of `lychee data` share. Knows nothing of what is done with them."""

from pathlib import Path
from typing import Annotated

import typer

ExamplesArgument = Annotated[
    Path, typer.Argument(help="Examples, JSONL (docs/training-data.md).", metavar="FILE", show_default=False)
]
OutputOption = Annotated[Path, typer.Option("--output", "-o", help="The file to write.", metavar="OUT")]
