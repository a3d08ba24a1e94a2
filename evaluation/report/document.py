"""The report as a page: its sections in their order, written whole or not at all. Knows no models; what it says is
counted in `figures` and worded in `words`."""

from collections.abc import Mapping, Sequence
from importlib.resources import files
from pathlib import Path

from content.errors import InvalidInput
from evaluation.quality.contents import ContentsOf
from evaluation.quality.result import Evaluation
from evaluation.report import plots, words
from evaluation.report.cards import Cards
from evaluation.report.facts import facts
from evaluation.report.figures import CASES, MAIN, MEASURES, Case, Figures, figures
from evaluation.report.markup import safe
from evaluation.report.thumbnails import Thumbnails
from indexer.files import replaced
from measures.metrics import Estimate

_PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<link rel="icon" href="data:,">
<style>
{look}</style>
</head>
<body>
<main>
<header class="head"><p class="faint">Lychee Search · evaluation</p><h1>{title}</h1><p class="faint">{scope}</p>
<nav aria-label="Sections"><ul>{links}</ul></nav></header>
{sections}
</main>
</body>
</html>
"""


def write(path: Path, evaluation: Evaluation, contents: ContentsOf, *, relevant: int = 1) -> None:
    """Writes the report, one HTML file that asks the network for nothing and holds no script.

    contents: asked only for what is shown, one at a time. relevant: the least grade that counts as right where a
    measure knows yes and no only.
    Raises InvalidInput for an evaluation without queries, and where the file cannot be written.
    """
    written = page(evaluation, contents, relevant=relevant)
    try:
        with replaced(path) as temporary:
            temporary.write_text(written, "utf-8")
    except OSError as error:
        raise InvalidInput(f"{path} cannot be written: {error.strerror}", param="--report") from error


def page(evaluation: Evaluation, contents: ContentsOf, *, relevant: int = 1) -> str:
    """The report as HTML; as `write`."""
    found = figures(evaluation, relevant)
    depth = evaluation.depths[-1] if evaluation.depths else None
    cards = Cards(contents, Thumbnails(), depth, relevant)
    sections = {
        "Summary": _summary(found),
        "All systems": _systems(found, len(evaluation.answered)),
        **(_compared(found) if depth is not None else {}),
        "Worst queries": _cases(found.worst, cards, f"No query is below an {MAIN} of 1."),
        **(_changed(found, cards) if depth is not None else {}),
        "Models, data and conditions": facts(evaluation),
    }
    return _PAGE.format(
        title=safe(evaluation.title),
        look=files("evaluation.report").joinpath("look.css").read_text("utf-8"),
        scope=f"{len(evaluation.answered):,} queries over {evaluation.documents:,} documents",
        links="".join(f'<li><a href="#{_anchor(title)}">{title}</a></li>' for title in sections),
        sections="\n".join(_section(title, inside) for title, inside in sections.items()),
    )


def _section(title: str, inside: str) -> str:
    name = _anchor(title)
    return f'<section id="{name}" aria-labelledby="{name}-title"><h2 id="{name}-title">{title}</h2>{inside}</section>'


def _anchor(title: str) -> str:
    return title.lower().replace(",", "").replace(" ", "-")


def _summary(found: Figures) -> str:
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
    return f'<p class="lead">{lead}</p><dl class="tiles">{shown}</dl>' + "".join(f"<p>{one}</p>" for one in rest)


def _systems(found: Figures, queries: int) -> str:
    timed = all(one.milliseconds is not None for one in found.systems)
    headings = ("", *MEASURES, *(("time",) if timed else ()))
    rows = []
    for one in found.systems:
        cells = "".join(_cell(one.estimates[name]) for name in MEASURES)
        time = f"<td>{words.seconds(one.milliseconds or 0)}</td>" if timed else ""
        rows.append(f'<tr><th scope="row">{one.name}</th>{cells}{time}</tr>')
    head = "".join(f'<th scope="col">{name}</th>' if name else "<td></td>" for name in headings)
    note = (
        f"Means over {queries:,} queries with their 95 % intervals; the number after @ in a name is how many "
        "candidates stage 2 reads."
    )
    if timed:
        note += (
            " Time is the median of a query; for less than all candidates it is taken in proportion to their number."
        )
    return (
        '<div class="wide" role="region" tabindex="0" aria-label="Table of all systems"><table>'
        f'<thead><tr>{head}</tr></thead><tbody>{"".join(rows)}</tbody></table></div><p class="note">{note}</p>'
    )


def _cell(value: Estimate) -> str:
    return f"<td>{value.mean:.3f} <small>{value.low:.2f}–{value.high:.2f}</small></td>"


def _compared(found: Figures) -> Mapping[str, str]:
    """What can be said only where there is a stage 2."""
    drawn = [
        _figure(
            plots.by_depth(found.systems),
            "How good the order is, by how many candidates stage 2 reads. Bars and band: 95 % intervals.",
        )
    ]
    if all(one.milliseconds for one in found.systems):
        drawn.append(
            _figure(
                plots.by_time(found.systems), "The same beside what it costs. Numbers: candidates that stage 2 reads."
            )
        )
    gains = _figure(
        plots.of_gains([one.gain for one in found.cases]),
        "Each query once, by what stage 2 changed. Right of 0: better.",
    )
    return {
        "Quality by depth and time": f'<div class="plots">{"".join(drawn)}</div>',
        "Differences by query": f'<div class="plots">{gains}</div>',
    }


def _figure(drawn: str, caption: str) -> str:
    return f"<figure>{drawn}<figcaption>{caption}</figcaption></figure>"


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
