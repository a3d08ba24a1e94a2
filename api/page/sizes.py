"""Numbers of bytes as people read them. Knows not what they are the size of."""

from typing import Final

_UNITS: Final = ("B", "kB", "MB", "GB", "TB")


def size_of(count: float) -> str:
    """Bytes, in the largest unit (of 1000) of which there is one."""
    unit = 0
    while count >= 1000 and unit < len(_UNITS) - 1:
        count /= 1000
        unit += 1
    return f"{count:.0f} {_UNITS[unit]}" if count >= 100 or unit == 0 else f"{count:.1f} {_UNITS[unit]}"
