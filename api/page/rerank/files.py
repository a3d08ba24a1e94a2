"""Many files at once: a component that leaves them alone. Opens none of them."""

from dataclasses import dataclass
from typing import Final

import gradio as gr
from gradio.data_classes import FileData, ListFiles
from gradio.i18n import I18nData

from api.page.plain import plain
from api.page.read_as import files_of, read_as

_LONGEST_NAME: Final = 200


@dataclass(frozen=True, slots=True)
class Uploaded:
    """path: where it lies now. name: what its visitor calls it, which may be anything but long."""

    path: str
    name: str


def files_input(label: I18nData, elem_id: str) -> gr.File:
    """Its value in Python is a list of `Uploaded`, in the visitor's order."""
    return _Files(label=label, elem_id=elem_id, file_count="multiple", height=136)


def _uploaded(payload: ListFiles | FileData | None) -> list[Uploaded]:
    return [Uploaded(file.path, _name(file)) for file in files_of(payload)]


def _name(file: FileData) -> str:
    name = (file.orig_name or file.path).replace("\\", "/").rpartition("/")[2]
    return plain(name)[:_LONGEST_NAME] or "?"


_Files = read_as(gr.File, _uploaded)  # its own leaves empty files behind
