"""Components of Gradio's whose values reach Python in a way of this page's own. Knows none of them."""

from abc import ABCMeta
from collections.abc import Callable
from typing import Any, TypeVar

from gradio.components import Component
from gradio.data_classes import FileData, ListFiles

Kind = TypeVar("Kind", bound=Component)


def files_of(payload: ListFiles | FileData | None) -> list[FileData]:
    """What a browser sends for a component that takes files, be it none, one or many."""
    if payload is None:
        return []
    return payload.root if isinstance(payload, ListFiles) else [payload]


def read_as(kind: type[Kind], read: Callable[[Any], object]) -> type[Kind]:
    """The same kind of component, but for what a browser sends for it: that goes through `read` alone.

    It is not enough to put `read` into one component: for a visitor to whom an event has told anything about it, be it
    that nothing changes, Gradio makes another one of the same class.
    """

    def preprocess(self: Kind, payload: object) -> object:
        return read(payload)

    # By Gradio's own metaclass, past its `__new__`: for a class that it makes itself it writes a .pyi beside this file.
    inside = {"preprocess": preprocess, "__module__": kind.__module__, "__doc__": kind.__doc__}
    return ABCMeta.__new__(type(kind), kind.__name__, (kind,), inside)
