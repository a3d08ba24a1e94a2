"""Files under a folder that was named by the person at the keyboard. Never used for what comes over the network."""

import io
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

    Raises as `open_file`, and TooLarge before reading.
    """
    with open_file(path, root, param=param) as file:
        size = os.fstat(file.fileno()).st_size
        if size > max_bytes:
            raise TooLarge(f"the file has {size:,} bytes; at most {max_bytes:,} are read", param=param)
        try:
            return file.read(max_bytes)
        except OSError as error:
            raise _unreadable(path, error, param) from error


def open_file(path: Path | str, root: Path, *, param: str | None = None) -> io.BufferedReader:
    """The file, open for reading. path: as in `read_file`.

    Raises NotFound, or InvalidInput for a path outside `root`, a folder, a device, or a file that the system does not
    let us read.
    """
    full = resolve_under(path, root, param=param)
    try:
        # a pipe must not hold us up, and a link put there since must not lead us away
        descriptor = os.open(full, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError as error:
        raise _unreadable(path, error, param) from error
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise InvalidInput(f"`{path}` is not a regular file", param=param)
    return os.fdopen(descriptor, "rb")


def resolve_under(path: Path | str, root: Path, *, param: str | None = None) -> Path:
    """The real path, without symlinks. Raises NotFound, or InvalidInput when it lies outside `root`."""
    try:
        full, base = (root / path).resolve(strict=True), root.resolve(strict=True)
    except (FileNotFoundError, NotADirectoryError) as error:
        raise NotFound(f"there is no file `{path}`", param=param) from error
    except (OSError, RuntimeError, ValueError) as error:  # no right to look, a loop of symlinks, a NUL in the name
        raise InvalidInput(f"`{path}` is not a path that can be followed", param=param) from error
    if not full.is_relative_to(base):
        raise InvalidInput(f"`{path}` leads out of the folder `{root}`, and is not read", param=param)
    return full


def _unreadable(path: Path | str, error: OSError, param: str | None) -> InvalidInput:
    return InvalidInput(f"`{path}` cannot be read: {error.strerror}", param=param)
