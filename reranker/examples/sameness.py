"""When two texts or sides are the same but for how they are written, for all who compare examples. Reads no picture."""

from reranker.examples.checks.normal import bare, loose
from reranker.examples.example import Side


def normal(text: str) -> str:
    """The text whatever its case, its width, its white space and its punctuation; symbols stay, so that C++ is not C.

    A text of punctuation only is itself.
    """
    return bare(loose(text))


def alike(side: Side) -> tuple[str, str | None]:
    """Equal for sides with alike texts whose picture, if any, has one name."""
    return normal(side.text or ""), side.image
