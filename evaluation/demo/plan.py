"""How deep a run looks. Knows no tasks and no models."""

from dataclasses import dataclass

from content.errors import InvalidInput

DEPTHS = (10, 20, 50, 100)


@dataclass(frozen=True, slots=True)
class Plan:
    """candidates: how many stage 1 recalls for each query, all judged once. depth: how many of them the figures are
    about; the other depths of `depths` are cut from the same search, since a score depends on no other document.

    Raises InvalidInput for a depth beyond the candidates.
    """

    candidates: int
    depth: int

    def __post_init__(self) -> None:
        if self.depth > self.candidates:
            message = f"a depth of {self.depth} needs as many candidates, and --candidates is {self.candidates}"
            raise InvalidInput(message, param="--depth")

    @property
    def depths(self) -> tuple[int, ...]:
        """Ascending; `depth` itself is one of them."""
        return tuple(sorted({self.depth, *(depth for depth in DEPTHS if depth <= self.candidates)}))
