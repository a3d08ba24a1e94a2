"""Settings out of options, environment and a TOML file. Knows nothing of what any of them means."""

import difflib
import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from content.errors import SettingsError
from search.settings import PREFIX, Settings, SettingValue

CONFIG_VARIABLE = "LYCHEE_CONFIG"
DEFAULT_CONFIG = Path("lychee.toml")


def load_settings(config: Path | None = None, overrides: Mapping[str, SettingValue] | None = None) -> Settings:
    """Settings from, strongest first: `overrides` (None counts as absent), environment, TOML file, defaults.

    config: the TOML file; else the one named by LYCHEE_CONFIG; else `lychee.toml` in the working folder, if it is
    there.
    Raises SettingsError for a file that is missing or malformed, for unknown names and for values out of range.
    """
    file = _config_file(config)
    from_file = _read_toml(file) if file else {}
    _refuse_unknown_variables()
    given = {name: value for name, value in (overrides or {}).items() if value is not None}
    weaker = {name: value for name, value in from_file.items() if not os.environ.get(variable(name))}
    values: dict[str, Any] = {**weaker, **given}
    try:
        return Settings(**values)
    except ValidationError as error:
        raise _explain(error, given, weaker, file) from error


def variable(name: str) -> str:
    """The environment variable of a setting."""
    return PREFIX + name.upper()


def _config_file(config: Path | None) -> Path | None:
    named = config or (Path(os.environ[CONFIG_VARIABLE]) if os.environ.get(CONFIG_VARIABLE) else None)
    if named is None:
        return DEFAULT_CONFIG if DEFAULT_CONFIG.is_file() else None
    if not named.is_file():
        raise SettingsError(f"the settings file {named} does not exist", param="config")
    return named


def _read_toml(file: Path) -> dict[str, Any]:
    try:
        values = tomllib.loads(file.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise SettingsError(f"the settings file {file} cannot be read: {error}", param="config") from error
    for name in values:
        if name not in Settings.model_fields:
            raise _unknown(name, list(Settings.model_fields), f"in {file}")
    return values


def _refuse_unknown_variables() -> None:
    known = [CONFIG_VARIABLE, *(variable(name) for name in Settings.model_fields)]
    for name in os.environ:
        if name.startswith(PREFIX) and name not in known:
            raise _unknown(name, known, "in the environment")


def _unknown(name: str, known: list[str], place: str) -> SettingsError:
    close = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    advice = f"did you mean {close[0]}?" if close else f"the settings are {', '.join(known)}"
    return SettingsError(f"unknown setting {name} {place}; {advice}", param=name)


def _explain(
    error: ValidationError, given: Mapping[str, object], from_file: Mapping[str, object], file: Path | None
) -> SettingsError:
    """The first thing that pydantic found wrong, as a sentence that names the place where the value came from."""
    first = error.errors()[0]
    name = str(first["loc"][0])
    if name in given:
        place = f"the option --{name.replace('_', '-')}"
    else:
        place = f"{name} in {file}" if name in from_file else variable(name)
    return SettingsError(f"{place} is {first['input']!r}, and that is wrong: {first['msg']}", param=name)
