"""Pictures that visitors add: a component that leaves the file alone, and the one way to its bytes. Opens no picture:
that is the loader's."""

from pathlib import Path

import gradio as gr
from gradio.data_classes import ImageData
from gradio.i18n import I18nData

from api.page.read_as import read_as
from content.errors import NotFound, TooLarge


def picture_input(label: I18nData, elem_id: str) -> gr.Image:
    """Upload, paste, drag or webcam. Its value in Python is the path of the file, which nobody has looked at yet."""
    return _Picture(
        label=label, elem_id=elem_id, sources=["upload", "clipboard", "webcam"], buttons=["fullscreen"], type="filepath"
    )


def _path(payload: ImageData | None) -> str | None:
    return None if payload is None else payload.path


_Picture = read_as(gr.Image, _path)  # its own has PIL open the file


def uploaded(path: str, *, largest: int) -> bytes:
    """The bytes of an uploaded file. Raises NotFound where it was deleted meanwhile, TooLarge."""
    file = Path(path)
    try:
        if (size := file.stat().st_size) > largest:
            raise TooLarge(f"the file has {size:,} bytes, and at most {largest:,} are read")
        return file.read_bytes()
    except FileNotFoundError as error:
        raise NotFound("the uploaded file was deleted; add it again") from error
