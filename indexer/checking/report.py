"""What a check found. Knows nothing of how it looks."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

Part = Literal["store", "vectors", "words", "fields", "indexes", "files", "manifest"]
OnPart = Callable[[Part], None]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was wrong. remedy: what was done about it, or where it is not `repaired`, what is to be done."""

    part: Part
    problem: str
    remedy: str
    repaired: bool


@dataclass(frozen=True, slots=True)
class CheckReport:
    """items, vectors: how many there are. seconds: that it took."""

    items: int
    vectors: int
    findings: Sequence[Finding]
    seconds: float

    @property
    def is_clean(self) -> bool:
        """Nothing was wrong, and nothing was changed."""
        return not self.findings

    @property
    def is_sound(self) -> bool:
        """Nothing is wrong any more."""
        return all(finding.repaired for finding in self.findings)
