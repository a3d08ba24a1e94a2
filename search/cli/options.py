"""The options that several commands share. Knows nothing of what the commands do with them."""

from pathlib import Path
from typing import Annotated

import typer

from reranker.display import Normalize, Scale
from search.settings import Judge, Quantization

ConfigOption = Annotated[
    Path | None,
    typer.Option("--config", help="A TOML file with settings (default: lychee.toml, if it is there).", metavar="FILE"),
]
CollectionOption = Annotated[
    str | None, typer.Option("--collection", help="The collection's name (default: demo).", metavar="NAME")
]
EncoderOption = Annotated[
    str | None,
    typer.Option(
        "--encoder",
        help="Stage 1's model: demo, an open_clip name with its tag (ViT-B-16-SigLIP2-256/webli) or a folder "
        "(default: the one the collection was made with, else demo).",
        metavar="MODEL",
    ),
]
RerankerOption = Annotated[
    str | None,
    typer.Option(
        "--reranker",
        help="Stage 2's model: demo, a hub name (vec-ai/lychee-rerank-mm), a folder, or none (default: demo).",
        metavar="MODEL",
    ),
]
JudgeOption = Annotated[
    Judge | None,
    typer.Option(
        "--judge",
        help="What stage 2's model is asked for: yes-no, or rating for instruct checkpoints (default: yes-no).",
    ),
]
QuantizationOption = Annotated[
    Quantization | None,
    typer.Option("--quantization", help="Weights of stage 2's model in fewer bits (default: none)."),
]
DeviceOption = Annotated[
    str | None, typer.Option("--device", help="auto, cpu, cuda or cuda:N (default: auto).", metavar="DEVICE")
]
DtypeOption = Annotated[
    str | None, typer.Option("--dtype", help="auto, bf16, fp16 or fp32 (default: auto).", metavar="TYPE")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]
FilterOption = Annotated[
    str | None,
    typer.Option(
        "--filter",
        help='Find only items whose metadata meet this, as JSON: \'{"price": {"$lt": 500}}\' (docs/filters.md).',
        metavar="JSON",
    ),
]
InstructionOption = Annotated[
    str | None,
    typer.Option("--instruction", help="The task in your words; it steers stage 2.", metavar="TEXT"),
]
ChannelOption = Annotated[
    list[str] | None,
    typer.Option(
        "--channel",
        help="How much one of stage 1's lists counts: image, text or words, from 0 (off) to 100 (default: 1 each); may "
        "be given several times.",
        metavar="NAME=WEIGHT",
        show_default=False,
    ),
]
ThresholdOption = Annotated[
    float | None,
    typer.Option("--threshold", help="Leave out what stage 2 scores below this.", min=0.0, max=1.0),
]
ScaleOption = Annotated[Scale, typer.Option("--scale", help="10 shows ten times stage 2's scores.")]
NormalizeOption = Annotated[
    Normalize | None,
    typer.Option(
        "--normalize",
        help="minmax shows stage 2's scores between the lowest (0) and the highest (1) of all that were judged; order "
        "and cuts stay.",
    ),
]
RaiseOption = Annotated[
    bool, typer.Option("--raise-on-error", help="Fail where something cannot be judged, instead of putting it last.")
]
