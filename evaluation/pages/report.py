"""Results as tables, each within 80 columns. Formats figures; how they are computed is `evaluation.demo.figures`'s."""

from collections.abc import Sequence
from itertools import chain

from demo.catalogue.family import KINDS
from evaluation.demo.figures import DEEP, REPORTED, SHALLOW, TESTED, Figures
from evaluation.demo.kinds import by_kind
from evaluation.demo.pairs import PAIRS, Task
from evaluation.demo.plan import DEPTHS
from evaluation.demo.result import Result
from evaluation.pages.grid import Grid
from measures.calibration import Calibration, Verdict, calibration
from measures.metrics import Estimate
from measures.silence import silence

Row = tuple[Result, Figures]

_INTERVALS = "with 95 % intervals over queries (shares: Wilson; others: bootstrap)"
KINDS_ALIKE = "Near-duplicates by kind, where the rival shows a held-out pair as well"
KINDS_KNOWN = "Near-duplicates by kind, where the rival shows none"


def grids(rows: Sequence[Row], depth: int) -> list[Grid]:
    """Every table that the rows have figures for."""
    found = [ranking(rows, depth), tests(rows), depths(rows, depth)]
    found += [kinds(rows, KINDS_ALIKE, held_out=True), kinds(rows, KINDS_KNOWN, held_out=False)]
    if any(result.verdicts for result, _ in rows):
        found += [calibrated(rows), bins(rows)]
    return [*found, unanswerable(rows)]


def ranking(rows: Sequence[Row], depth: int) -> Grid:
    lines = []
    for result, figures in rows:
        recall = "-" if figures.recall is None else _estimate(figures.recall)
        for stage, estimates, last in (("stage 1", figures.stage1, recall), ("stage 2", figures.stage2, "")):
            lines.append((*_labels(result.task), stage, *(_estimate(estimates[name]) for name in REPORTED), last))
    headings = ("pair", "", "order of", *REPORTED, "recall@50")
    return Grid(f"Order of the first {depth} candidates", _INTERVALS, headings, tuple(lines), labels=3)


def tests(rows: Sequence[Row]) -> Grid:
    headings = ("pair", "", "queries", *chain.from_iterable((name, "p") for name in TESTED))
    lines = [
        (*_labels(result.task), str(len(result.outcomes)), *chain.from_iterable(_tested(figures)))
        for result, figures in rows
    ]
    note = "mean difference per query, its 95 % interval, two-sided p (Fisher's randomisation)"
    return Grid("Stage 2 less stage 1", note, headings, tuple(lines), labels=2)


def depths(rows: Sequence[Row], depth: int) -> Grid:
    measured = any(figures.deepening for _, figures in rows)
    columns = sorted({depth, *DEPTHS} & set(chain.from_iterable(figures.depths for _, figures in rows)))
    lines = [
        (
            *_labels(result.task),
            *(_estimate(figures.depths[at]) if at in figures.depths else "-" for at in columns),
            *((_difference(figures.deepening) if figures.deepening else "-",) if measured else ()),
        )
        for result, figures in rows
    ]
    headings = ("pair", "", *(f"at {at}" for at in columns), *((f"{DEEP} - {SHALLOW}",) if measured else ()))
    return Grid(
        "nDCG@10 of stage 2 by depth", "with 95 % bootstrap intervals over queries", headings, tuple(lines), labels=2
    )


def kinds(rows: Sequence[Row], title: str, *, held_out: bool) -> Grid:
    """Languages are taken together: the cases of a pair add up. Kinds that no pair met are left out."""
    pairs = [pair for pair in PAIRS if any(result.task.pair == pair for result, _ in rows)]
    tallies = [
        by_kind(chain.from_iterable(result.outcomes for result, _ in rows if result.task.pair == pair), held_out)
        for pair in pairs
    ]
    lines = []
    for kind in (kind for kind in KINDS if any(kind in tally for tally in tallies)):
        for stage in ("stage 1", "stage 2"):
            cells = []
            for tally in tallies:
                share = (tally[kind].stage1 if stage == "stage 1" else tally[kind].stage2) if kind in tally else None
                cells.append("-" if share is None else f"{share.mean:.2f}")
            lines.append((kind, stage, *cells))
        lines.append(("", "cases", *(str(tally[kind].cases) if kind in tally else "0" for tally in tallies)))
    note = "the share of near-duplicates of a kind, among the candidates, that the right item comes before"
    return Grid(title, note, ("kind", "order of", *(one.name for one in pairs)), tuple(lines), 2)


def calibrated(rows: Sequence[Row]) -> Grid:
    lines = [
        (*_labels(result.task), *_calibration(figures.calibration)) for result, figures in rows if figures.calibration
    ]
    pooled = ("all", "", *_calibration(calibration(_verdicts(rows))))
    note = "ECE: expected calibration error (Guo et al. 2017), 10 bins; half of the pairs match"
    headings = ("pair", "", "pairs", "ECE", "Brier", "right at 0.5")
    return Grid("Calibration of P(yes)", note, headings, (*lines, pooled), labels=2)


def bins(rows: Sequence[Row]) -> Grid:
    lines = [
        (f"{one.low:.1f}-{one.high:.1f}", str(one.pairs), f"{one.score:.3f}", f"{one.matches:.3f}")
        for one in calibration(_verdicts(rows)).bins
    ]
    note = "all calibrated pairs together; a calibrated score is the share of matches"
    return Grid("P(yes) by bin", note, ("P(yes)", "pairs", "mean P(yes)", "matches"), tuple(lines), labels=1)


def unanswerable(rows: Sequence[Row]) -> Grid:
    lines = [
        (
            *_labels(result.task),
            _estimate(figures.removed),
            "-" if figures.foreign is None else _estimate(figures.foreign),
        )
        for result, figures in rows
    ]
    asked = [result for result, _ in rows if result.foreign]
    for pair in PAIRS:
        highest = [one.highest for result in asked if result.task.pair == pair for one in result.foreign]
        if highest:
            lines.append((pair.name, "all", "", f"{_estimate(silence(highest))}\n{len(highest)} queries"))
    note = f"shares without a hit above 0.5 in that depth; {_INTERVALS}"
    return Grid("Nothing answers the query", note, ("pair", "", "answer removed", "foreign query"), tuple(lines), 2)


def _labels(task: Task) -> tuple[str, str]:
    return task.pair.name, task.language or ""


def _verdicts(rows: Sequence[Row]) -> list[Verdict]:
    return list(chain.from_iterable(result.verdicts for result, _ in rows))


def _tested(figures: Figures) -> list[tuple[str, str]]:
    found = [figures.tests[name] for name in TESTED]
    return [(_difference(Estimate(one.difference, one.low, one.high)), f"{one.p:.4f}") for one in found]


def _calibration(value: Calibration) -> tuple[str, ...]:
    return str(value.pairs), f"{value.error:.3f}", f"{value.brier:.3f}", f"{value.accuracy:.3f}"


def _difference(value: Estimate) -> str:
    return f"{value.mean:+.3f}\n{value.low:+.2f} {value.high:+.2f}"


def _estimate(value: Estimate) -> str:
    return f"{value.mean:.3f}\n{value.low:.2f}-{value.high:.2f}"
