"""Options that several commands of `lychee bench` take."""

from typing import Annotated

import typer

_PRESETS = "tiny (seconds, to try it out), mini (about 50M parameters), 3b or 7b (Qwen2.5-VL's own)"
ShapeOption = Annotated[str, typer.Option("--shape", help=f"The model, with random weights: {_PRESETS}.")]
ThreadsOption = Annotated[int | None, typer.Option(min=1, help="Threads of torch (default: its own choice).")]
DeviceOption = Annotated[str, typer.Option(help="auto, cpu, cuda or cuda:N.")]
DtypeOption = Annotated[str, typer.Option(help="auto, bf16, fp16 or fp32.")]
SeedOption = Annotated[int, typer.Option(min=0, help="Of weights, texts and pictures.")]
PictureOption = Annotated[int, typer.Option(help="Tokens of a picture: a square number from 4 to 1280.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")]
MarkdownOption = Annotated[bool, typer.Option("--markdown", help="Print Markdown, as docs/benchmarks.md has it.")]
Measure = Annotated[int | None, typer.Option(min=1, rich_help_panel="Measures in place of the shape's")]
