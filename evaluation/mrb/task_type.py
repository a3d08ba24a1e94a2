"""MRB's nine task types: what stands on either side, and what the judge is told. Knows no files.

MRB (arXiv 2510.14824) gathers public data sets: BEIR's for T->T, M-BEIR's for those with pictures, ViDoRe's for T->VD.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

from content.errors import InvalidInput

Side = Literal["T", "I", "IT"]


@dataclass(frozen=True, slots=True)
class TaskType:
    """query, document: text, picture, or both. instruction: a name of `INSTRUCTIONS`; ours, since MRB's own stand with
    the data sets that they belong to."""

    name: str
    query: Side
    document: Side
    instruction: str


_ALL: Final = (
    TaskType("T->T", "T", "T", "web-search"),
    TaskType("I->I", "I", "I", "image-similarity"),
    TaskType("T->I", "T", "I", "image-search"),
    TaskType("T->VD", "T", "I", "document-pages"),  # a visual document is the picture of a page
    TaskType("I->T", "I", "T", "image-description"),
    TaskType("T->IT", "T", "IT", "question-answering"),
    TaskType("IT->T", "IT", "T", "question-answering"),
    TaskType("IT->I", "IT", "I", "product-similarity"),
    TaskType("IT->IT", "IT", "IT", "product-similarity"),
)
TASK_TYPES: Final[Mapping[str, TaskType]] = MappingProxyType({each.name: each for each in _ALL})


def task_type(name: str) -> TaskType:
    """Raises InvalidInput for any other name."""
    if name not in TASK_TYPES:
        listed = ", ".join(f"'{known}'" for known in TASK_TYPES)
        raise InvalidInput(f"{name!r} is no task type of MRB's; there are {listed}, with their quotes", param="--type")
    return TASK_TYPES[name]
