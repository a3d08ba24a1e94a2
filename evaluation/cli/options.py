"""Options that several commands of `lychee evaluate` take."""

from typing import Annotated

import typer

MeasureOption = Annotated[
    list[str] | None,
    typer.Option(
        "--measure",
        help="nDCG@k, MRR, MAP, recall@k or hit@k; repeatable (default: nDCG@10, MRR, MAP, recall@10 and hit@1).",
        metavar="NAME",
        show_default=False,
    ),
]
RelevantOption = Annotated[
    int,
    typer.Option(
        "--relevant", min=1, max=10**6, help="The least grade that is right where a measure knows yes and no only."
    ),
]
PerQueryOption = Annotated[
    bool, typer.Option("--per-query", help="Also show the first measure for every query, the systems side by side.")
]


def measures_named(given: list[str] | None) -> tuple[str, ...]:
    """Raises InvalidInput for a name that is no measure, before any work is done."""
    from evaluation.quality.figures import MEASURES
    from measures.metrics import measure

    names = tuple(dict.fromkeys(given or MEASURES))
    for name in names:
        measure(name)
    return names
