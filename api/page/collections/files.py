"""Files that a visitor adds to be indexed: a component that leaves them alone. Opens none of them."""

from pathlib import Path

import gradio as gr
from gradio.data_classes import FileData, ListFiles
from gradio.i18n import I18nData

from api.page.read_as import files_of, read_as
from indexer.sources import SentFile


def sent_files_input(label: I18nData, elem_id: str) -> gr.File:
    """Its value in Python is a list of `SentFile`, in the visitor's order."""
    return _SentFiles(label=label, elem_id=elem_id, file_count="multiple", height=180)


def _sent(payload: ListFiles | FileData | None) -> list[SentFile]:
    return [SentFile(Path(file.path), file.orig_name or Path(file.path).name) for file in files_of(payload)]


_SentFiles = read_as(gr.File, _sent)  # its own leaves empty files behind
