"""`lychee evaluate runs`: systems compared by the runs that they left behind, by their user's options."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from evaluation.cli.options import MeasureOption, PerQueryOption, RelevantOption, measures_named

if TYPE_CHECKING:
    from evaluation.runs.trec import TrecRun


def runs(
    qrels: Annotated[Path, typer.Argument(help="Judgements, in TREC's form or as BEIR's table.", show_default=False)],
    run: Annotated[
        list[Path],
        typer.Argument(help="Runs in TREC's form; the others are tested against the first.", show_default=False),
    ],
    measure: MeasureOption = None,
    relevant: RelevantOption = 1,
    per_query: PerQueryOption = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, down to the query, instead of tables.")] = False,
) -> None:
    """Compare systems by their TREC runs: means, intervals, and the paired test of each against the first.

    A judged query that a run lacks counts 0 for it."""
    # Imported here: `lychee --help` must not wait for scipy.
    from evaluation.cli.shown import show_systems
    from evaluation.quality.figures import compare
    from evaluation.quality.transcript import systems_json
    from evaluation.runs.qrels import read_qrels
    from evaluation.runs.trec import read_run
    from search.cli.output import as_json as json_text
    from search.cli.output import warn

    names = measures_named(measure)
    judged = read_qrels(qrels)
    read = _named([(path, read_run(path)) for path in run])
    warn([_lacking(name, one, judged) for name, one in read.items() if not judged.keys() <= one.found.keys()])
    systems = compare({name: one.run for name, one in read.items()}, judged, names, relevant=relevant)
    if as_json:
        typer.echo(json_text({"queries": len(judged), "systems": systems_json(systems, list(judged))}))
        return
    show_systems(systems, list(judged), per_query=per_query)


def _named(read: list[tuple[Path, "TrecRun"]]) -> dict[str, "TrecRun"]:
    """By tag; by file where two have the same tag."""
    tags = [one.tag for _, one in read]
    named: dict[str, TrecRun] = {}
    for path, one in read:
        name = one.tag if tags.count(one.tag) == 1 else f"{one.tag} ({path})"
        while name in named:
            name += " again"
        named[name] = one
    return named


def _lacking(name: str, run: "TrecRun", judged: dict[str, dict[str, int]]) -> str:
    lacking = [query for query in judged if query not in run.found]
    shown = ", ".join(lacking[:3]) + (", ..." if len(lacking) > 3 else "")
    return f"{name} lacks {len(lacking):,} of {len(judged):,} judged queries, which count 0 for it: {shown}"
