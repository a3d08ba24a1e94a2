"""Placeholder of the filter language, until its own commit."""

from dataclasses import dataclass
from sqlite3 import Connection

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Filter:
    """A parsed filter."""


def matching_items(connection: Connection, wanted: Filter, highest: int) -> NDArray[np.bool_]:
    """(highest + 1,)."""
    raise NotImplementedError
