"""Keeps libraries from talking while a model is loaded. Knows no model."""

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def quiet() -> Iterator[None]:
    """Keeps a load from talking: open_clip logs to the root logger and sets that up if nobody has; the hub's client
    reports every retry."""
    root, hub = logging.getLogger(), logging.getLogger("huggingface_hub")
    silence, level = logging.NullHandler(), hub.level
    root.addHandler(silence)
    root.addFilter(_is_not_of_open_clip)
    hub.setLevel(logging.CRITICAL)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        hub.setLevel(level)
        root.removeFilter(_is_not_of_open_clip)
        root.removeHandler(silence)


def _is_not_of_open_clip(record: logging.LogRecord) -> bool:
    return "open_clip" not in Path(record.pathname).parts
