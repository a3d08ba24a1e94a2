"""Files in a collection's folder that nothing needs: a process that was killed left them behind."""

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from indexer.protocols import CHANNELS
from indexer.store.base_state import info_key
from indexer.store.items import ItemStore

# A file that is younger may be one that another process is writing now.
_AGE_S: Final = 600.0


def leftovers(folder: Path, store: ItemStore) -> list[Path]:
    """Temporary files and index files that the collection does not name, if nobody touched them for ten minutes."""
    told = "".join(store.read_info(info_key(channel)) or "" for channel in CHANNELS)
    found = [*folder.glob(".*.tmp*"), *(path for path in folder.glob("*.faiss") if path.name not in told)]
    return sorted(path for path in found if _is_old(path))


def remove_leftovers(paths: Sequence[Path]) -> None:
    for path in paths:
        path.unlink(missing_ok=True)


def _is_old(path: Path) -> bool:
    try:
        return path.is_file() and time.time() - path.stat().st_mtime > _AGE_S
    except OSError:  # gone meanwhile
        return False
