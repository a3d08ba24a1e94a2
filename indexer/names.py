"""The names of the files in a collection's folder that more than one file of code must know."""

from typing import Final

STORE: Final = "collection.sqlite"
WRITER_LOCK: Final = "writer.lock"
BUILD_LOCK: Final = "building.lock"
