"""How scores are shown: 1 or 10 times, and stretched between the lowest and the highest. Knows no order and no cuts."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from content.errors import InvalidInput
from reranker.protocol import Judgement

Scale = Literal[1, 10]
Normalize = Literal["minmax"]


@dataclass(frozen=True, slots=True)
class Display:
    """What is done to scores after everything was decided by them; order, ties and cuts are those of the score itself.

    scale: 10 shows ten times the score. normalize: `minmax` shows where a score lies between the lowest and the highest
    of all documents that were judged, also of those that are cut. That depends on the company a document is in: it is
    no probability, and compares within one answer only.
    Raises InvalidInput, with `param`, for other values.
    """

    scale: Scale = 1
    normalize: Normalize | None = None

    def __post_init__(self) -> None:
        if type(self.scale) is not int or self.scale not in (1, 10):  # True == 1, and is no scale
            raise InvalidInput(f"scale is 1 or 10, not {self.scale!r}", param="scale")
        if self.normalize not in (None, "minmax"):
            raise InvalidInput(f"normalize is minmax or left out, not {self.normalize!r}", param="normalize")

    @property
    def label(self) -> str:
        """What a shown score is, as the heading of a column; P(yes) or a rating's tenth, as the judge has it."""
        unit = "score" if self.normalize is None else "min-max"
        return unit if self.scale == 1 else f"{self.scale} x {unit}"

    def shown(self, judgements: Sequence[Judgement]) -> list[float]:
        """Every judgement's score as shown, from 0 to `scale`; 0.0 for what was not judged.

        Where all judged scores are equal, one alone among them, each is the best there is: min-max gives them 1.0.
        """
        scores = [judgement.score for judgement in judgements if judgement.error is None]
        low, high = min(scores, default=0.0), max(scores, default=0.0)
        return [
            0.0 if each.error is not None else self.scale * self._unit(each.score, low, high) for each in judgements
        ]

    def _unit(self, score: float, low: float, high: float) -> float:
        if self.normalize is None:
            return score
        return (score - low) / (high - low) if high > low else 1.0


PLAIN: Final = Display()
