"""The report of an evaluation: its sections in their order. Knows no models; what it says is counted in `figures` and
worded in `words`."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from evaluation.pages.grid import Grid
from evaluation.quality.contents import ContentsOf
from evaluation.quality.result import Evaluation
from evaluation.report import frame, plots, words
from evaluation.report.cards import Cards
from evaluation.report.facts import facts
from evaluation.report.figures import CASES, MAIN, MEASURES, Case, Figures, figures
from evaluation.report.markup import quoted
from evaluation.report.thumbnails import Thumbnails
from measures.metrics import Estimate


def write(
    path: Path, evaluation: Evaluation, contents: ContentsOf, *, relevant: int = 1, names: Sequence[str] = MEASURES
) -> None:
    """Writes the report, one HTML file that asks the network for nothing and holds no script.

    contents: asked only for what is shown, one at a time. relevant: the least grade that counts as right where a
    measure knows yes and no only. names: of the measures beside nDCG@10 in the table of all systems.
    Raises InvalidInput for an evaluation without queries, and where the file cannot be written.
    """
    frame.write(path, evaluation.title, _scope(evaluation), _sections(evaluation, contents, relevant, names))


def page(evaluation: Evaluation, contents: ContentsOf, *, relevant: int = 1, names: Sequence[str] = MEASURES) -> str:
    """The report as HTML; as `write`."""
    return frame.page(evaluation.title, _scope(evaluation), _sections(evaluation, contents, relevant, names))


def _scope(evaluation: Evaluation) -> str:
    return f"{len(evaluation.answered):,} queries over {evaluation.documents:,} documents"


def _sections(evaluation: Evaluation, contents: ContentsOf, relevant: int, names: Sequence[str]) -> Mapping[str, str]:
    found = figures(evaluation, relevant, names)
    depth = evaluation.depths[-1] if evaluation.depths else None
    cards = Cards(contents, Thumbnails(), depth, relevant)
    return {
        "Summary": _summary(found, evaluation.warnings),
        "All systems": frame.table(_systems(found)),
        **(_compared(found) if depth is not None else {}),
        "Worst queries": _cases(found.worst, cards, f"No query is below an {MAIN} of 1."),
        **(_changed(found, cards) if depth is not None else {}),
        "Models, data and conditions": facts(evaluation),
    }


def _summary(found: Figures, warnings: Sequence[str]) -> str:
    first, last = found.systems[0].estimates[MAIN], found.systems[-1].estimates[MAIN]
    sentences = [words.verdict(found)]
    tiles = [(f"{first.mean:.3f}", f"{MAIN}, stage 1")]
    if found.test is not None:
        sentences += [words.chance(found.test, len(found.cases)), words.counted(found)]
        tiles += [(f"{last.mean:.3f}", f"{MAIN}, stage 2"), (f"{found.test.difference:+.3f}", "stage 2 less stage 1")]
    if found.failed:
        sentences.append(f"{found.failed:,} candidates could not be judged; each counts as the worst of its query.")
    shown = "".join(f"<div><dt>{name}</dt><dd>{value}</dd></div>" for value, name in tiles)
    lead, *rest = sentences
    told = [*rest, *(f"Note: {quoted(one)}" for one in warnings)]
    return f'<p class="lead">{lead}</p><dl class="tiles">{shown}</dl>' + "".join(f"<p>{one}</p>" for one in told)


def _systems(found: Figures) -> Grid:
    timed = all(one.milliseconds is not None for one in found.systems)
    rows = [
        (
            one.name,
            *map(_cell, one.estimates.values()),
            *((words.seconds(one.milliseconds or 0),) if timed else ()),
        )
        for one in found.systems
    ]
    note = (
        f"Means over {len(found.cases):,} queries with their 95 % intervals; the number after @ in a name is how many "
        "candidates stage 2 reads."
    )
    if timed:
        note += (
            " Time is the median of a query; for less than all candidates it is taken in proportion to their number."
        )
    headings = ("", *found.systems[0].estimates, *(("time",) if timed else ()))
    return Grid("Table of all systems", note, headings, tuple(rows), labels=1)


def _cell(value: Estimate) -> str:
    return f"{value.mean:.3f}\n{value.low:.2f}–{value.high:.2f}"


def _compared(found: Figures) -> Mapping[str, str]:
    """What can be said only where there is a stage 2."""
    drawn = [
        frame.figure(
            plots.by_depth(found.systems),
            "How good the order is, by how many candidates stage 2 reads. Bars and band: 95 % intervals.",
        )
    ]
    if all(one.milliseconds for one in found.systems):
        drawn.append(
            frame.figure(
                plots.by_time(found.systems), "The same beside what it costs. Numbers: candidates that stage 2 reads."
            )
        )
    gains = plots.of_gains([one.gain for one in found.cases])
    shown = frame.figure(gains, "Each query once, by what stage 2 changed, in steps of 0.1. Right of 0: better.")
    return {
        "Quality by depth and time": f'<div class="plots">{"".join(drawn)}</div>',
        "Differences by query": f'<div class="plots">{shown}</div>',
    }


def _changed(found: Figures, cards: Cards) -> Mapping[str, str]:
    return {
        "What stage 2 repaired": _cases(found.repaired, cards, "Stage 2 made no query better."),
        "What stage 2 broke": _cases(found.broken, cards, "Stage 2 made no query worse."),
    }


def _cases(cases: Sequence[Case], cards: Cards, none: str) -> str:
    if not cases:
        return f"<p>{none}</p>"
    shown = "".join(cards.case(one, number) for number, one in enumerate(cases, start=1))
    more = f'<p class="faint">At most {CASES} queries are shown.</p>' if len(cases) == CASES else ""
    return shown + more
