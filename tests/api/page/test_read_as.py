"""What a browser sends for files and pictures reaches Python untouched, however often Gradio makes the component."""

import asyncio
from pathlib import Path

import gradio as gr
import pytest
from gradio.data_classes import FileData, ImageData, ListFiles

from api.page import read_as as module
from api.page.collections.files import sent_files_input
from api.page.pictures import picture_input
from api.page.rerank.files import Uploaded, files_input
from api.page.words import label
from indexer.sources import SentFile

FILES = ListFiles(root=[FileData(path="/uploads/x/blob", orig_name="图 1.png")])


def made_again(component):
    """As Gradio does it for a visitor when an event has told of the component that nothing changes."""
    return component.__class__(**component.constructor_args, render=False)


async def made(make):
    with gr.Blocks():
        return make(label("search.picture"), "an-id")


@pytest.mark.parametrize(
    ("make", "kind", "sent", "read"),
    [
        (sent_files_input, "file", FILES, [SentFile(Path("/uploads/x/blob"), "图 1.png")]),
        (sent_files_input, "file", None, []),
        (files_input, "file", FILES, [Uploaded("/uploads/x/blob", "图 1.png")]),
        (picture_input, "image", ImageData(path="/uploads/x/no picture"), "/uploads/x/no picture"),
        (picture_input, "image", None, None),
    ],
)
def test_a_component_that_gradio_made_again_reads_as_before(make, kind, sent, read):
    component = asyncio.run(made(make))
    assert component.preprocess(sent) == made_again(component).preprocess(sent) == read
    assert component.get_block_name() == made_again(component).get_block_name() == kind


def test_gradio_writes_nothing_beside_the_source():
    folder = Path(module.__file__).parent
    assert list(folder.rglob("*.pyi")) == []
