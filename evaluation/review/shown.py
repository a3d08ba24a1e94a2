"""A review as a table and sentences for a terminal, and as JSON. Measures nothing."""

from collections.abc import Iterator
from dataclasses import asdict

from evaluation.pages.grid import Grid
from evaluation.review.key import Key
from evaluation.review.reading import ENOUGH, Bar, Review, Verdict, over_all
from measures.agreement import TENTATIVE, meaning


def grid(found: Review) -> Grid:
    """What each reviewer thinks, and all of them."""
    rows = [
        (one.name, f"{one.whole}/{one.queries}", f"{one.base:.2f}", f"{one.tuned:.2f}", f"{one.tuned - one.base:+.2f}")
        for one in found.opinions
    ]
    change = found.change
    rows.append(
        (
            "all",
            f"{found.queries}/{found.opinions[0].queries}",
            f"{found.base.mean:.2f}\n{found.base.low:.2f}-{found.base.high:.2f}",
            f"{found.tuned.mean:.2f}\n{found.tuned.low:.2f}-{found.tuned.high:.2f}",
            f"{change.difference:+.2f}\n{change.low:+.2f} to {change.high:+.2f}",
        )
    )
    return Grid(
        title="Mean marks, from 1 to 5",
        note="queries with both marks; intervals of 95 %, over queries",
        headings=("reviewer", "queries", "BASE", "TUNED", "difference"),
        rows=tuple(rows),
        labels=1,
    )


def notes(found: Review, key: Key) -> Iterator[str]:
    """What else there is to say, in sentences."""
    yield (
        f"TUNED's list was preferred for {found.for_tuned} queries, BASE's for {found.for_base}, neither for "
        f"{found.equal}; p = {found.change.p:.4f}."
    )
    shown = "" if found.agreement is None else f" (Krippendorff's alpha, ordinal: {found.agreement:.2f})"
    yield f"{meaning(found.agreement)}{shown}"
    if key.thinned:
        yield (
            f"The marks are of queries whose lists differ, {key.differing:,} of {key.queries:,}. Equal lists get equal "
            f"marks, so over all queries the mean mark differs by {over_all(found, key):+.2f}."
        )


def warnings(found: Review) -> Iterator[str]:
    """What makes the verdict weaker than it looks."""
    if len(found.opinions) < ENOUGH:
        count = "is only one reviewer" if len(found.opinions) == 1 else f"are only {len(found.opinions)} reviewers"
        yield f"there {count}; {ENOUGH} are asked for, so that marks are more than one person's taste"
    for one in found.opinions:
        if one.whole < one.queries:
            yield f"{one.name} gave both marks to {one.whole} of {one.queries} queries; the others are left out"
    if found.agreement is not None and found.agreement < TENTATIVE:
        yield "the reviewers agree too little for a verdict to be relied on"


def sentence(found: Review, key: Key, bar: Bar, came: Verdict) -> str:
    """The verdict with the figure of each part."""
    change, top = found.change, key.top
    grown = "from none" if top.relative is None else f"{top.relative:+.0%}"
    where = " where the lists differ" if key.thinned else ""
    over = f"), and {over_all(found, key):+.2f} over all {key.queries:,} queries (" if key.thinned else "; "
    return (
        f"{'Passed' if came.passed else 'Failed'}: the mean mark of {key.tuned} is {found.tuned.mean:.2f}{where}, "
        f"{change.difference:+.2f} against {key.base} ({change.low:+.2f} to {change.high:+.2f}{over}the bar is "
        f"{bar.mark:+g}: {_word(came.mark)}); its first document is right for {top.tuned:,} of {top.queries:,} queries "
        f"instead of {top.base:,}, {grown} (the bar is {bar.top:+.0%}: {_word(came.top)})."
    )


def as_dict(found: Review, key: Key, bar: Bar, came: Verdict) -> dict[str, object]:
    return {
        "sheet": key.sheet,
        "base": key.base,
        "tuned": key.tuned,
        "bar": asdict(bar),
        "passed": came.passed,
        "passed_mark": came.mark,
        "passed_top": came.top,
        "sentence": sentence(found, key, bar, came),
        "review": asdict(found),
        "over_all": over_all(found, key),
        "top": {**asdict(key.top), "relative": key.top.relative},
        "agreement": meaning(found.agreement),
        "warnings": list(warnings(found)),
    }


def _word(met: bool) -> str:
    return "met" if met else "not met"
