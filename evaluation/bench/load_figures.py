"""What became of a server under load, and the bounds that it has to keep. Knows neither server nor terminal."""

from collections import Counter
from dataclasses import dataclass
from statistics import median
from typing import Final

import numpy as np

from evaluation.pages.grid import Grid

MOST_DRIFT: Final = 5.0  # percent
MOST_HEALTH: Final = 0.1  # seconds, the 99th percentile
_WARM_UP: Final = 60.0  # seconds, before memory counts; a tenth of a run that is shorter than ten minutes
_BUSY: Final = 429


@dataclass(frozen=True, slots=True)
class Outcome:
    """sent: by a clock that all outcomes share. status: 0 where there was no answer. told: an error said what was
    wrong."""

    kind: str
    good: bool
    sent: float
    seconds: float
    status: int
    told: bool

    @property
    def right(self) -> bool:
        """Answered, or refused for a reason that is the caller's, or for want of room."""
        return self.told and (self.status in (200, _BUSY) if self.good else 400 <= self.status < 500)


@dataclass(frozen=True, slots=True)
class LoadFigures:
    """capacity, offered: requests a second. outcomes: of all requests that the server had accepted when it was told to
    end. in_flight: how many of them it had not answered then. late: of those that came at that moment or later.
    health_s: seconds of each /health. resident_mb: of the server, at equal distances."""

    capacity: float
    offered: float
    seconds: float
    outcomes: tuple[Outcome, ...]
    in_flight: int
    late: tuple[Outcome, ...]
    exit_code: int
    health_s: tuple[float, ...]
    resident_mb: tuple[float, ...]

    @property
    def wrong(self) -> int:
        return sum(not each.right for each in self.outcomes)

    @property
    def health_p99(self) -> float:
        return float(np.percentile(self.health_s, 99))

    @property
    def drift(self) -> float:
        """Percent by which the last third of the memory is over the first one, once it is warm."""
        cold = int(len(self.resident_mb) * min(_WARM_UP, max(self.seconds / 10, 1)) / self.seconds) + 1
        warm = self.resident_mb[cold:] or self.resident_mb
        third = max(1, len(warm) // 3)
        return 100 * (median(warm[-third:]) / median(warm[:third]) - 1)

    @property
    def missed(self) -> list[str]:
        """The bounds that were not kept."""
        found = {
            f"{self.wrong} accepted requests were not answered as they have to be": self.wrong == 0,
            f"memory drifted by {self.drift:.1f} %, over {MOST_DRIFT:g} %": self.drift < MOST_DRIFT,
            f"p99 of /health is {1000 * self.health_p99:.0f} ms, over {1000 * MOST_HEALTH:.0f} ms": self.health_p99
            < MOST_HEALTH,
            f"the server ended with {self.exit_code}": self.exit_code == 0,
            "nothing was in flight when it was told to end": self.in_flight > 0,
        }
        return [what for what, kept in found.items() if not kept]


def load_grids(found: LoadFigures) -> list[Grid]:
    rows = []
    for kind in sorted({each.kind for each in found.outcomes}):
        outcomes = [each for each in found.outcomes if each.kind == kind]
        counts = Counter(each.status for each in outcomes)
        taken = [each.seconds for each in outcomes if each.status != _BUSY] or [0.0]
        others = len(outcomes) - counts[200] - counts[_BUSY]
        times = (f"{np.percentile(taken, share):.2f}" for share in (50, 99))
        rows.append((kind, *(f"{count:,}" for count in (len(outcomes), counts[200], counts[_BUSY], others)), *times))
    late = Counter(each.status or "no connection" for each in found.late)
    facts = (
        ("capacity, requests/s", f"{found.capacity:.1f}"),
        ("offered, requests/s", f"{found.offered:.1f}"),
        ("not answered as they have to be", f"{found.wrong:,}"),
        ("/health, p50 and p99, ms", f"{1000 * median(found.health_s):.1f}, {1000 * found.health_p99:.1f}"),
        ("memory, MB", " ".join(f"{each:.0f}" for each in found.resident_mb)),
        ("its drift", f"{found.drift:.1f} %"),
        ("in flight at SIGTERM, all answered", f"{found.in_flight:,}"),
        ("that came with it or later", ", ".join(f"{count} x {status}" for status, count in late.items())),
    )
    return [
        Grid(
            f"{found.seconds:,.0f} s of mixed traffic at twice the capacity",
            "seconds of those that were not refused with 429; others are bad input, answered with 4xx",
            ("request", "sent", "200", "429", "others", "p50", "p99"),
            tuple(rows),
            1,
        ),
        Grid("The server meanwhile", "", ("", "found"), facts, 1),
    ]
