"""A small JSON file that came back from people, read with suspicion. Knows no format by what is in it."""

import json
from pathlib import Path
from typing import Any, Final

from content.errors import InvalidInput, NotFound

_MOST_BYTES: Final = 20_000_000


class _Doubled(ValueError):
    """A name that stands twice in one object, so that nobody knows which is meant."""


def read_object(path: Path, form: str, advice: str) -> dict[str, Any]:
    """The object in the file, which names its own format. advice: what a right file is.

    Raises NotFound and InvalidInput, naming the file.
    """
    try:
        with path.open("rb") as file:
            data = file.read(_MOST_BYTES + 1)
        if len(data) > _MOST_BYTES:
            raise InvalidInput(f"{path} is larger than {_MOST_BYTES // 10**6} MB; {advice}")
        value = json.loads(data.decode("utf-8-sig"), object_pairs_hook=_once)
    except FileNotFoundError as error:
        raise NotFound(f"there is no file {path}") from error
    except OSError as error:
        raise InvalidInput(f"{path} cannot be read: {error.strerror}") from error
    except _Doubled as error:
        raise InvalidInput(f"{path} has {error} twice; {advice}") from error
    except (ValueError, RecursionError) as error:
        raise InvalidInput(f"{path} is no JSON, or was cut off; {advice}") from error
    if not isinstance(value, dict) or value.get("format") != form:
        raise InvalidInput(f"{path} is something else; {advice}")
    if value.get("version") != 1:
        raise InvalidInput(f"{path} is of version {value.get('version')!r}, and this program reads version 1")
    return value


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise _Doubled(repr(name[:40]))
        found[name] = value
    return found
