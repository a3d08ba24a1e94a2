"""Who asks without a key where others need one. They are told little; this knows neither keys nor what is told."""

from typing import Final

from starlette.types import Scope

_STRANGER: Final = "stranger"


def mark_stranger(scope: Scope) -> None:
    scope["state"][_STRANGER] = True


def is_stranger(scope: Scope) -> bool:
    stranger: bool = scope["state"].get(_STRANGER, False)
    return stranger
