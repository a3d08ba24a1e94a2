"""Rows as mteb hands them over, one by one. Knows no models.

mteb gives batches of columns: `text` (of a query with its instruction in it), `query` and `instruction` where a task
has its own for each query, and `image`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from PIL import Image

from content import Content
from content.errors import InvalidInput

Batches = Iterable[Mapping[str, Sequence[Any]]]


@dataclass(frozen=True, slots=True)
class Row:
    """text, image: at least one of the two, unless the data has an empty row. instruction: the row's own, if it has
    one; it is then no part of the text."""

    text: str | None
    image: Image.Image | None
    instruction: str | None = None

    @property
    def content(self) -> Content:
        """Raises InvalidInput for an empty row."""
        return Content(self.text, self.image)


def rows(batches: Batches) -> Iterator[Row]:
    """Raises InvalidInput for columns that stage 1 and 2 cannot read, such as sound."""
    for batch in batches:
        strange = {"audio", "video"} & batch.keys()
        if strange:
            raise InvalidInput(f"this task has {' and '.join(sorted(strange))}, and only texts and pictures are read")
        count = len(next(iter(batch.values()), ()))
        for place in range(count):
            yield _row({name: column[place] for name, column in batch.items()})


def _row(values: Mapping[str, Any]) -> Row:
    instruction = values.get("instruction") or None
    text = values.get("query") if instruction else values.get("text")
    image = values.get("image")
    if image is not None and not isinstance(image, Image.Image):
        raise InvalidInput(f"a picture came as {type(image).__name__}; only PIL images are read")
    return Row(text if text and text.strip() else None, image, instruction)
