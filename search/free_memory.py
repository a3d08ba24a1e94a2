"""How much memory this process may still take. Knows no models."""

from pathlib import Path
from typing import Final

import psutil

_CONTAINER: Final = Path("/sys/fs/cgroup")


def free_bytes(container: Path = _CONTAINER) -> int:
    """Bytes that the machine has available, and the container (cgroup v2) where that allows less."""
    machine: int = psutil.virtual_memory().available
    try:
        limit, used = (int((container / name).read_text("ascii")) for name in ("memory.max", "memory.current"))
    except (OSError, ValueError):  # no container, or one without a limit
        return machine
    return max(0, min(machine, limit - used))
