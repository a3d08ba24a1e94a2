"""What the benchmarks of stage 2 found, as JSON and as tables within 100 columns. Measures nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from evaluation.bench.concurrency import Latency, Load, Sharing
from evaluation.bench.operations import all_of, picture
from evaluation.bench.peak import Peak
from evaluation.bench.rerank import PairFigures, SideFigures, Spread
from evaluation.bench.shape import PRESETS, Shape
from evaluation.conditions import Conditions
from evaluation.pages.grid import Grid

_MEGA = 1e6


@dataclass(frozen=True, slots=True)
class Rerank:
    """peaks: side -> memory, on one pair. missing: who was left out, and why."""

    conditions: Conditions
    shape: Shape
    pairs: Sequence[PairFigures]
    peaks_on: str | None
    peaks: Mapping[str, Peak]
    missing: str | None


@dataclass(frozen=True, slots=True)
class Memory:
    """peaks: documents -> memory, fewest first."""

    conditions: Conditions
    shape: Shape
    peaks: Mapping[int, Peak]

    @property
    def ratio(self) -> float:
        """Of the largest request to the smallest: peak of the whole process, or what torch held on the device."""
        most = [peak.most for peak in self.peaks.values()]
        return most[-1] / most[0]


@dataclass(frozen=True, slots=True)
class Concurrency:
    conditions: Conditions
    shape: Shape
    load: Load
    latency: Latency
    sharing: Sharing


def rerank_grids(found: Rerank) -> list[Grid]:
    return [_speed(found), _floors(found.pairs), _matrices(found.pairs)]


def memory_grids(found: Memory) -> list[Grid]:
    lines = [
        (f"{documents:,}", _mb(peak.before), _mb(peak.added), _mb(peak.most)) for documents, peak in found.peaks.items()
    ]
    note = f"peak of the largest request by that of the smallest: {found.ratio:.3f} x"
    headings = ("documents", "model loaded, MB", "added, MB", "peak, MB")
    return [Grid("Peak memory of one request", note, headings, tuple(lines), labels=0)]


def concurrency_grids(found: Concurrency) -> list[Grid]:
    load, latency, sharing = found.load, found.latency, found.sharing
    lines = (
        (f"requests of 1 document beside one of {load.long}", str(len(latency.waits))),
        ("a batch of the long one (median), s", _seconds(latency.batch)),
        ("their latency, p95, s", _seconds(latency.p95)),
        ("their latency, p95, in batches", f"{latency.p95_in_batches:.2f}"),
        (
            f"throughput of {load.clients} x {load.each} documents by 1 x {load.clients * load.each}",
            f"{sharing.ratio:.3f}",
        ),
    )
    return [Grid(f"Requests at the same time, {load.pair}", "", ("", "found"), lines, labels=1)]


def model(shape: Shape) -> str:
    """The model's measures, and how like the 7B model it is."""
    return (
        f"Random weights: language model {shape.layers} layers of {shape.hidden} ({shape.intermediate} inside, "
        f"{shape.heads} heads, {shape.kv_heads} of keys), {shape.language_weights / _MEGA:,.1f}M weights; vision tower "
        f"{shape.vision_depth} blocks of {shape.vision_hidden} ({shape.vision_intermediate} inside, "
        f"{shape.vision_heads} heads), {shape.vision_weights / _MEGA:,.1f}M; embeddings apart. A picture of 256 tokens "
        f"costs the tower {_tower_share(shape):.2f} x what its tokens cost the language model "
        f"({_tower_share(PRESETS['7b']):.2f} x in Qwen2.5-VL-7B)."
    )


def _tower_share(shape: Shape) -> float:
    return picture(shape, 256).total / all_of(shape, 256).total


def _speed(found: Rerank) -> Grid:
    lines = [_side(pair, side, found) for pair in found.pairs for side in pair.sides]
    headings = ("pair", "side", "s", "docs/s", "tokens/s", "ratio", "cpu", "of floor", "difference", "memory")
    documents = found.pairs[0].documents if found.pairs else 0
    note = (
        f"{documents} documents; seconds are medians, ratios are to the baseline (*), median (lowest to highest) over "
        "rounds; cpu: the same of processor time; tokens of whole prompts; difference: largest of a score to the plain "
        "pass's"
    )
    if found.peaks:
        note += (
            f"; memory: what a run of {found.peaks_on} adds to a fresh process with the model loaded, MB (not of warm)"
        )
    return Grid("Stage 2, by turns in one run", note, headings, tuple(lines), labels=2)


def _side(pair: PairFigures, side: SideFigures, found: Rerank) -> tuple[str, ...]:
    batch = "" if side.batch_size is None else f", {side.batch_size} at a time"
    shows_memory = pair.pair == found.peaks_on and side.name in found.peaks
    return (
        pair.pair,
        f"{side.name}{batch}{'*' if side.name == pair.baseline else ''}",
        _seconds(median(side.seconds)),
        f"{side.documents_per_s:.1f}",
        f"{side.prompt_tokens_per_s:,.0f}",
        "" if side.ratio is None else _spread(side.ratio, "{:.2f}"),
        "" if side.processor_ratio is None else f"{side.processor_ratio.median:.2f}",
        "" if side.floor_share is None else f"{side.floor_share.median:.0%}",
        f"{side.difference:.0e}",
        _mb(found.peaks[side.name].added) if shows_memory else "",
    )


def _floors(pairs: Sequence[PairFigures]) -> Grid:
    lines = []
    for pair in pairs:
        floors = {side.name: side.floor for side in pair.sides if side.floor is not None}
        cold, warm = (_seconds(floors[name]) if name in floors else "" for name in ("cold", "warm"))
        tokens = (f"{pair.prefix_tokens} + {pair.own_tokens:,}",)
        operations = (f"{pair.cold_gflop:,.1f}", f"{pair.warm_gflop:,.1f}")
        lines.append((pair.pair, *tokens, *operations, f"{pair.gflops:,.0f}", cold, warm))
    headings = ("pair", "tokens", "cold, GFLOP", "warm, GFLOP", "GFLOP/s", "cold, s", "warm, s")
    note = (
        "prefix once + each document's own tokens; operations that must be done, with and without the documents' "
        "pictures; the machine's rate on these matrices; operations by rate"
    )
    return Grid("The floor", note, headings, tuple(lines), labels=1)


def _matrices(pairs: Sequence[PairFigures]) -> Grid:
    widest = max(pairs, key=lambda pair: len(pair.rates), default=None)
    rates = widest.rates if widest is not None else ()
    lines = [(f"{one.outputs} x {one.inputs}", f"{one.rows:,}", f"{one.gflops:,.0f}") for one in rates]
    note = "best of several goes in every round, median over rounds; rows of a whole request"
    return Grid("Rates", note, ("matrix", "rows", "GFLOP/s"), tuple(lines), labels=1)


def _spread(spread: Spread, form: str) -> str:
    return f"{form.format(spread.median)} ({form.format(spread.low)}-{form.format(spread.high)})"


def _seconds(value: float) -> str:
    return f"{value:.3g}"


def _mb(count: int) -> str:
    return f"{count / _MEGA:,.0f}"
