"""Files under a folder that was named by the person at the keyboard. Never used for what comes over the network."""

import os
import stat
from pathlib import Path

from content.errors import InvalidInput, NotFound, TooLarge
from content.limits import DEFAULT_LIMITS, ImageLimits


def read_image_file(
    path: Path | str, root: Path, limits: ImageLimits = DEFAULT_LIMITS, *, param: str | None = None
) -> bytes:
    """The bytes of a picture file, not yet looked at. Raises as `read_file`."""
    return read_file(path, root, limits.max_bytes, param=param)


def read_file(path: Path | str, root: Path, max_bytes: int, *, param: str | None = None) -> bytes:
    """The whole file. path: absolute, or relative to `root`; with its symlinks followed it must lie under `root`.

    Raises NotFound; TooLarge, before reading; InvalidInput for a path outside, a folder, a device, or a file that the
    system does not let us read.
    """
    full = resolve_under(path, root, param=param)
    try:
        # a pipe must not hold us up, and a link put there since must not lead us away
        descriptor = os.open(full, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC)
        with os.fdopen(descriptor, "rb") as file:
            status = os.fstat(descriptor)
            if not stat.S_ISREG(status.st_mode):
                raise InvalidInput(f"`{path}` is not a file", param=param)
            if status.st_size > max_bytes:
                raise TooLarge(f"the file has {status.st_size:,} bytes; at most {max_bytes:,} are read", param=param)
            return file.read(max_bytes)
    except OSError as error:
        raise InvalidInput(f"`{path}` cannot be read: {error.strerror}", param=param) from error


def resolve_under(path: Path | str, root: Path, *, param: str | None = None) -> Path:
    """The real path, without symlinks. Raises NotFound, or InvalidInput when it lies outside `root`."""
    try:
        full, base = (root / path).resolve(strict=True), root.resolve(strict=True)
    except (FileNotFoundError, NotADirectoryError) as error:
        raise NotFound(f"there is no file `{path}`", param=param) from error
    except (OSError, RuntimeError, ValueError) as error:  # no right to look, a loop of symlinks, a NUL in the name
        raise InvalidInput(f"`{path}` cannot be read: it is not a usable path", param=param) from error
    if not full.is_relative_to(base):
        raise InvalidInput(f"`{path}` leads out of the folder `{root}`, and is not read", param=param)
    return full
