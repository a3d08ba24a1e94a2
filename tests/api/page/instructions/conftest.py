"""Parts of the tab, drawn with no browser."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

import gradio as gr
import pytest

T = TypeVar("T")


@pytest.fixture
def drawn() -> Callable[[Callable[[], T]], T]:
    """Draws on a page of its own, within an event loop: Gradio makes one where there is none, and leaves it open."""

    async def draw(make: Callable[[], T]) -> T:
        with gr.Blocks():
            return make()

    return lambda make: asyncio.run(draw(make))
