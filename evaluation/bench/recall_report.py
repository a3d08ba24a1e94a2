"""What `lychee bench recall` found, as JSON and as tables within 100 columns. Measures nothing."""

from dataclasses import dataclass
from statistics import median

from evaluation.bench.recall import COLLECTION
from evaluation.bench.recall_figures import Figures, FilterFigures
from evaluation.bench.recall_indexes import Cost
from evaluation.bench.recall_sides import LYCHEE
from evaluation.conditions import Conditions
from evaluation.pages.grid import Grid

_NAMES = {LYCHEE: "this project, index", COLLECTION: "this project, collection", "flat": "faiss Flat",
          "hnsw": "faiss HNSW32", "ivf": "faiss IVF,SQ8"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Recall:
    """size: of the pool, vectors of so many dimensions."""

    conditions: Conditions
    size: int
    dimension: int
    figures: Figures

    @property
    def about(self) -> str:
        return (
            f"{self.size:,} vectors of {self.dimension} dimensions, synthetic: clustered, anisotropic, in a cone. "
            "Recall is of the exact nearest 100, by plain products; single queries, held out, one thread, by turns."
        )


def recall_grids(found: Recall) -> list[Grid]:
    return [_search(found.figures), _costs(found), _retriever(found.figures), _filters(found.figures), _updates(found)]


def _search(figures: Figures) -> Grid:
    lines = [
        (one.label, f"{one.recall:.4f}", _ms(one.p50_ms), _ms(one.p95_ms), f"{one.of_flat:.3f}")
        for one in figures.points
    ]
    headings = ("index", "recall@100", "p50, ms", "p95, ms", "of Flat")
    return Grid("Search", "of Flat: p50 by that of Flat", headings, tuple(lines), labels=1)


def _costs(found: Recall) -> Grid:
    raw = 4 * found.dimension
    lines = [_cost(one, found.size, raw) for one in found.figures.costs]
    headings = ("index", "build, s", "memory, B", "of raw", "file, B", "open, s", "open cold, s")
    threads = found.conditions.options["threads"]
    note = (
        f"bytes for each vector, raw: {raw}; memory: what opening and searching adds to the peak of a fresh process, "
        f"what is mapped from its file included; cold: the file not in the page cache; built on {threads} threads; the "
        "collection's build is upserting all items, with metadata and words, until its index is in order"
    )
    if any(one.earlier for one in found.figures.costs):
        note += "; (*) built by an earlier run"
    return Grid("What it takes", note, headings, tuple(lines), labels=1)


def _cost(one: Cost, size: int, raw: int) -> tuple[str, ...]:
    return (
        _NAMES[one.name],
        f"{one.build_s:.1f}{'*' if one.earlier else ''}",
        f"{one.peak.added / size:,.0f}",
        f"{one.peak.added / size / raw:.3f}",
        f"{one.file_bytes / size:,.0f}",
        _seconds(one.open_s),
        "" if one.cold_open_s is None else _seconds(one.cold_open_s),
    )


def _retriever(figures: Figures) -> Grid:
    found = figures.retriever
    lines = (
        ("recall@100 of the retriever", f"{found.recall:.4f}"),
        ("its index called directly, p50, ms", _ms(found.bare_p50_ms)),
        ("the retriever, p50, ms", _ms(found.p50_ms)),
        ("the retriever, p95, ms", _ms(found.p95_ms)),
        ("added, median, ms", _ms(found.added_ms)),
        ("added, of the index", f"{found.added_share:.1%}"),
    )
    note = (
        f"the collection opened from disk, {found.fresh:,} of its vectors not in the index's codes yet; the same query "
        "to both, who begins by turns"
    )
    return Grid("The whole collection", note, ("", "found"), lines, labels=1)


def _filters(figures: Figures) -> Grid:
    lines = [_filter(one) for one in figures.filters]
    headings = ("keeps", "conditions", "kept", "recall@100", "p50, ms", "worst, ms", "of a scan", "worst of it")
    scan = median(one.scan_ms for one in figures.filters) if figures.filters else 0.0
    note = (
        f"through the retriever, each filter asked for the first time; a scan: Flat without a filter, beside them, "
        f"{_ms(scan)} ms"
    )
    return Grid("Filters", note, headings, tuple(lines), labels=2)


def _filter(one: FilterFigures) -> tuple[str, ...]:
    return (
        f"{one.share:.2%}",
        one.form,
        f"{one.kept:.4%}",
        f"{one.recall:.4f}",
        _ms(one.p50_ms),
        _ms(one.worst_ms),
        f"{one.p50_ms / one.scan_ms:.2f}",
        f"{one.worst_ms / one.scan_ms:.2f}",
    )


def _updates(found: Recall) -> Grid:
    updates, filling = found.figures.updates, found.figures.filling
    lines = [
        (label, _seconds(median(times)), _seconds(max(times)))
        for label, times in (
            ("1,000 items stored, s", [one.stored_s for one in updates]),
            ("found by the next search, s", [one.here_s for one in updates]),
            ("found by a search of another process, s", [one.there_s for one in updates]),
        )
    ]
    checked = sum(one.checked for one in updates)
    note = (
        f"since they were handed over; of {checked:,} that were searched for, {sum(one.lost for one in updates)} were "
        f"not found and {sum(one.stale for one in updates)} were found as they had been before"
    )
    if filling is not None:
        note += f"; filling the collection: {filling.items_per_s:,.0f} items/s, then {filling.settling_s:.1f} s"
    return Grid("Updates", note, ("", "median", "worst"), tuple(lines), labels=1)


def _ms(value: float) -> str:
    return f"{value:.3g}" if value < 100 else f"{value:.0f}"


def _seconds(value: float) -> str:
    return f"{value:.3g}"
