"""A comparison as tables for a terminal, and as JSON. Measures nothing."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict

from evaluation.ab.comparison import Compared, Cost, Figure, TopOne
from evaluation.ab.judging import Judged
from evaluation.ab.outcome import Outcome, Rule, Standing, signed
from evaluation.pages.grid import Grid
from measures.metrics import Estimate

_HOW = "means with intervals of 95 %; the difference is TUNED less BASE, paired; p of the randomisation test"


def grid(one: Compared) -> Grid:
    """The figures of one section."""
    kind = "old domain, may lose little" if one.guard else f"{one.main.name} decides"
    return Grid(
        title=f"{one.name}: {_number(one.queries, 'query')}, {one.candidates:,} candidates ({kind})",
        note=_HOW,
        headings=("measure", "BASE", "TUNED", "difference", "p", "won", "lost", "tied"),
        rows=tuple(_row(figure) for figure in one.figures),
        labels=1,
    )


def notes(one: Compared) -> Iterator[str]:
    """What else there is to say of a section, in sentences."""
    yield _top(one.top)
    yield f"Time for the candidates of a query: BASE {_ms(one.base)}, TUNED {_ms(one.tuned)}."
    if one.unanswered:
        yield f"No candidate is right for {_number(one.unanswered, 'query')}: MRR, recall and hit are 0 there."
    for name, cost in (("BASE", one.base), ("TUNED", one.tuned)):
        if cost.failed:
            yield f"{name} could not judge {cost.failed:,} of {one.candidates:,} candidates; they count as 0."


def as_dict(compared: Sequence[Compared], base: Judged, tuned: Judged, rule: Rule, found: Outcome) -> dict[str, object]:
    """Plain values: names, figures and the outcome."""
    return {
        "base": {"name": base.name, "fingerprint": base.fingerprint},
        "tuned": {"name": tuned.name, "fingerprint": tuned.fingerprint},
        "rule": asdict(rule),
        "better": found.better,
        "sentence": found.sentence,
        "sections": [_section(one, stands) for one, stands in zip(compared, found.standings, strict=True)],
    }


def _section(one: Compared, stands: Standing) -> dict[str, object]:
    section = asdict(one)
    section["standing"] = stands
    section["top"]["relative"] = one.top.relative
    return section


def _row(figure: Figure) -> tuple[str, ...]:
    change = figure.change
    return (
        figure.name,
        _estimate(figure.base),
        _estimate(figure.tuned),
        f"{signed(change.difference)}\n{signed(change.low)} to {signed(change.high)}",
        f"{change.p:.4f}",
        *(f"{count:,}" for count in (figure.wins, figure.losses, figure.ties)),
    )


def _estimate(value: Estimate) -> str:
    return f"{value.mean:.3f}\n{value.low:.3f}-{value.high:.3f}"


def _top(top: TopOne) -> str:
    grown = "" if top.relative is None else f", {top.relative:+.0%}"
    return (
        f"The first document changed for {top.changed:,} of {_number(top.queries, 'query')} "
        f"({top.changed / top.queries:.0%}): for the better {top.better:,}, for the worse {top.worse:,}. "
        f"It is right for {top.base:,} with BASE, for {top.tuned:,} with TUNED{grown}."
    )


def _ms(cost: Cost) -> str:
    latency = cost.latency
    return f"{latency.median:,.0f} ms (95th percentile {latency.p95:,.0f}, {cost.pair_ms:,.1f} a candidate)"


def _number(count: int, what: str) -> str:
    return f"{count:,} {what}" if count == 1 else f"{count:,} {what.removesuffix('y')}ies"
