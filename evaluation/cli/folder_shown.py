"""How far an evaluation of a folder is, and what came of it: on the terminal and in files. Computes nothing."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from evaluation.cli.shown import show_systems
from evaluation.folder.evaluation import RESULT, Watcher
from evaluation.folder.run import Tally
from evaluation.quality import tables
from evaluation.quality.contents import ContentsOf
from evaluation.quality.figures import compare, latencies
from evaluation.quality.result import STAGE_1, Evaluation
from evaluation.quality.transcript import systems_json
from evaluation.runs.made import write_runs
from indexer.build import Progress as Indexing
from search.cli.output import as_json as json_text
from search.cli.output import one_line, stderr, stdout


@contextmanager
def bars() -> Iterator[Watcher]:
    """Progress on stderr: a bar for the documents, then one for the queries, with the time that is left."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=stderr()) as progress:
        documents = progress.add_task("documents", total=None, visible=False)
        queries = progress.add_task("queries", total=None, visible=False)

        def indexing(now: Indexing) -> None:
            progress.update(documents, completed=now.done, total=now.total, visible=True)

        def asking(count: int) -> None:
            progress.update(queries, total=count, visible=True)
            progress.reset(queries, visible=True)  # the clock of what is left starts now

        yield Watcher(indexing, asking, lambda: progress.advance(queries))


def written(
    evaluation: Evaluation,
    contents: ContentsOf,
    work: Path,
    runs_out: Path | None,
    report: Path | None,
    relevant: int,
    names: Sequence[str] | None,
) -> list[Path]:
    """Writes what was asked for; the paths of all that was written. names: of the report's measures; None: its own."""
    files = [work / RESULT]
    if report is not None:
        from evaluation.report import write  # costs a library that draws
        from evaluation.report.figures import MEASURES

        write(report, evaluation, contents, relevant=relevant, names=names or MEASURES)
        files.append(report)
    if runs_out is not None:
        files += write_runs(runs_out, evaluation)  # last: there are ids that such files cannot hold
    return files


def show(
    evaluation: Evaluation,
    tally: Tally,
    names: Sequence[str],
    relevant: int,
    files: Sequence[Path],
    *,
    per_query: bool,
    as_json: bool,
) -> None:
    """The figures, and where the rest is."""
    queries = [one.id for one in evaluation.answered]
    systems = compare(evaluation.systems, evaluation.qrels, names, relevant=relevant)
    stages = dict(zip((STAGE_1, "stage 2"), latencies(evaluation.answered), strict=True))
    if as_json:
        told = {
            "title": evaluation.title,
            "documents": evaluation.documents,
            "queries": len(queries),
            "models": asdict(evaluation.models),
            "systems": systems_json(systems, queries),
            "latency_ms": {name: None if one is None else asdict(one) for name, one in stages.items()},
            "pairs": {"judged": tally.pairs, "now": tally.made},
            "warnings": evaluation.warnings,
            "conditions": asdict(evaluation.conditions),
            "files": [str(path) for path in files],
        }
        typer.echo(json_text(told))
        return
    show_systems(systems, queries, per_query=per_query, more=[tables.latency(list(stages.items()))])
    kept = f", {tally.pairs - tally.made:,} of them kept from before" if tally.pairs > tally.made else ""
    judged = f"; {tally.pairs:,} pairs judged{kept}" if evaluation.depths else ""
    stdout().print(
        one_line(f"{evaluation.title}: {len(queries):,} queries, {evaluation.documents:,} documents{judged}"),
        markup=False,
    )
    stdout().print(f"written: {', '.join(map(str, files))}", markup=False, soft_wrap=True)
