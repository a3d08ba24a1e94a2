"""The two stages as one engine, the service around it, settings, assembly and the command line."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from search.answer import Answer, Hit, Retrieval, Timings
    from search.engine import SearchEngine
    from search.library import Library
    from search.load_settings import load_settings
    from search.patience import Patience
    from search.service import Service
    from search.settings import Settings
    from search.worker import DeviceWorker

__all__ = [
    "Answer",
    "DeviceWorker",
    "Hit",
    "Library",
    "Patience",
    "Retrieval",
    "SearchEngine",
    "Service",
    "Settings",
    "Timings",
    "load_settings",
]

_HOMES = {
    "Answer": "search.answer",
    "DeviceWorker": "search.worker",
    "Hit": "search.answer",
    "Library": "search.library",
    "Patience": "search.patience",
    "Retrieval": "search.answer",
    "SearchEngine": "search.engine",
    "Service": "search.service",
    "Settings": "search.settings",
    "Timings": "search.answer",
    "load_settings": "search.load_settings",
}


def __getattr__(name: str) -> object:
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
