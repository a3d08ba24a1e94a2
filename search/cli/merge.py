"""`lychee merge`: an adapter and its base become one checkpoint. Knows nothing of how."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Literal

import typer

from search.cli.options import JsonOption
from search.cli.output import as_json, loading, stdout


def merge(
    adapter: Annotated[
        str, typer.Argument(help="The adapter: its folder, or its name on the hub.", show_default=False)
    ],
    output: Annotated[
        Path, typer.Argument(help="The checkpoint's folder, which is not there yet.", show_default=False)
    ],
    dtype: Annotated[
        Literal["bf16", "fp16", "fp32"] | None,
        typer.Option("--dtype", help="The number format of the weights (default: that of the base)."),
    ] = None,
    json: JsonOption = False,
) -> None:
    """Write an adapter and its base as one whole checkpoint, which every loader of a Qwen2.5-VL takes."""
    with loading("the adapter") as progress:
        from reranker.quantized import muted

        with muted():
            from reranker.training.merge import merge as merge_into  # costs torch and peft

        merged = merge_into(adapter, output.expanduser(), dtype=dtype, progress=progress)
    if json:
        typer.echo(as_json(asdict(merged) | {"output": str(output)}))
    else:
        stdout().print(
            f"{adapter} and its base {merged.base} are one checkpoint in {output}, {merged.size / 1e6:,.1f} MB in "
            f"{merged.dtype}",
            markup=False,
        )
