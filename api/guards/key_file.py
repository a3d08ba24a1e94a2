"""The file that keys are written down in: JSON, for its owner's eyes only. Knows nothing of requests."""

import fcntl
import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from api.guards.keys import ApiKey, Scope
from content.errors import SettingsError

DEFAULT_FILE = Path("keys.json")
_PARAM = "keys"


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    name: Annotated[str, Field(min_length=1)]
    scope: Scope
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    created: str
    rate: Annotated[int, Field(ge=1)] | None = None


class _Contents(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    version: Literal[1] = 1
    keys: list[_Entry]


def read_keys(file: Path) -> list[ApiKey]:
    """All keys of the file; none where it is empty.

    Raises SettingsError for a file that is missing, unreadable or broken: that never means that there are no keys.
    """
    try:
        text = file.read_bytes()
    except FileNotFoundError:
        raise SettingsError(
            f"the key file {file} does not exist; `lychee keys add NAME --file {file}` makes it", param=_PARAM
        ) from None
    except OSError as error:
        raise SettingsError(f"the key file {file} cannot be read: {error.strerror}", param=_PARAM) from error
    if not text.strip():
        return []
    try:
        entries = _Contents.model_validate_json(text).keys
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]  # without what stands there
        place = ".".join(str(part) for part in first["loc"]) or "the whole"
        raise SettingsError(f"the key file {file} is broken: {place}: {first['msg']}", param=_PARAM) from None
    return [ApiKey(**each.model_dump()) for each in entries]


def change_keys(file: Path, change: Callable[[list[ApiKey]], Sequence[ApiKey]]) -> None:
    """Writes what `change` makes of the file's keys, all or nothing, and one change after another. A file that is not
    there is made. Raises SettingsError, and what `change` raises."""
    with _alone_in(file.parent):
        _write(file, change(read_keys(file) if file.exists() else []))


def _write(file: Path, keys: Sequence[ApiKey]) -> None:
    contents = _Contents(keys=[_Entry(**asdict(each)) for each in keys])
    target = file.resolve()  # a link goes on leading to the file
    try:
        descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}-")  # mode 0600
        temporary = Path(name)
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8") as opened:
                opened.write(contents.model_dump_json(indent=2) + "\n")
                opened.flush()
                os.fsync(opened.fileno())
            temporary.replace(target)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise SettingsError(f"the key file {file} cannot be written: {error.strerror}", param=_PARAM) from error


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """Two who add a key at once must not lose one. The lock is the kernel's, and ends with its process."""
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError as error:
        raise SettingsError(f"the folder {folder} cannot be opened: {error.strerror}", param=_PARAM) from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
