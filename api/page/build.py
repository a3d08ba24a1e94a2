"""Puts the page together: tabs, theme, style and script become one Gradio application. Knows no paths of the server."""

import asyncio
import os
from pathlib import Path
from typing import Final

import gradio as gr
from fastapi import FastAPI
from gradio.routes import App
from starlette.routing import Mount

from api.loading import Loading
from api.page import about, collections, instructions, rerank, search
from api.page.calls import CallsGuard, Events
from api.page.head import document_head, head_line
from api.page.look.theme import lychee_theme
from api.page.running import Runs
from api.page.shell import Shell
from api.page.tools import add_tools
from api.page.uploads.folder import UploadFolder
from api.page.words import label, say, translations
from search.settings import Settings

_LOOK: Final = Path(__file__).parent / "look"
_STYLES: Final = ("base", "search", "rerank", "collections", "instructions", "about", "code")
_KEPT_S: Final = 3600  # a file that Gradio made; uploads are seen to by api.page.uploads
_SWEPT_S: Final = 300
# Pages whose state is remembered, the latest ones: each takes nearly a megabyte, and Gradio forgets none by itself.
_SESSIONS: Final = 300
_SPARE: Final = 40  # events that run beside those which use the models: stopping, looking, being refused


def build_page(loading: Loading, settings: Settings, uploads: Path) -> FastAPI:
    """An application that holds the page at `/`, with its lifespan.

    uploads: the folder for what visitors upload; its maker removes it. Takes seconds, Gradio's import among them.
    Raises RuntimeError on a thread that runs an event loop.
    """

    async def build() -> FastAPI:
        return _page(loading, settings, uploads)

    return asyncio.run(build())  # where no loop runs, Gradio opens one for each lock that it makes, and closes none


def _page(loading: Loading, settings: Settings, uploads: Path) -> FastAPI:
    # Where Gradio looks for both, and nowhere else: it asks nobody how it is used, and keeps uploads to this process.
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    os.environ["GRADIO_TEMP_DIR"] = str(uploads)
    shell = Shell(loading, settings, Runs(settings.request_timeout_s), folder=uploads)
    blocks = page_blocks(shell)
    blocks.state_session_capacity = _SESSIONS
    blocks.max_threads = settings.max_requests + _SPARE
    blocks.queue()  # Gradio looks at the number when it makes this
    host = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    gr.mount_gradio_app(
        host,
        blocks,
        path="/",
        footer_links=[],
        run_history=False,
        show_error=False,
        max_file_size=settings.max_upload_bytes,
        ssr_mode=False,
        mcp_server=True,
        i18n=translations(),
        theme=lychee_theme(),
        css_paths=[_LOOK / f"{name}.css" for name in _STYLES],
        head=document_head(settings.max_upload_bytes),
        favicon_path=str(_LOOK / "favicon.png"),
    )
    host.add_middleware(CallsGuard, Events.of(blocks))
    mounted = host.routes[-1]
    assert isinstance(mounted, Mount)
    assert isinstance(mounted.app, App)
    folder = UploadFolder(uploads)
    mounted.app.uploaded_file_dir = folder  # type: ignore[assignment]  # Gradio asks for it anew at each upload
    return host


def page_blocks(shell: Shell) -> gr.Blocks:
    """The page itself: a head line, the tabs, a foot line."""
    blocks: gr.Blocks
    with gr.Blocks(
        title=say("en", "page.title"), analytics_enabled=False, delete_cache=(_SWEPT_S, _KEPT_S), fill_width=True
    ) as blocks:
        gr.HTML(head_line(asks_keys=shell.settings.keys is not None), elem_id="head", js_on_load=None)
        with gr.Tabs(elem_id="tabs", overflow_behavior="wrap") as tabs:
            with _tab("search") as opened:
                searching = search.build(shell, opened)
            with _tab("rerank"):
                reranking = rerank.build(shell)
            with _tab("collections") as opened:
                collections.build(shell, opened)
            with _tab("instructions"):
                instructions.build(shell, tabs, searching.instruction, reranking.instruction)
            with _tab("about") as opened:
                about.build(shell, opened)
        add_tools(shell)

        def leave(request: gr.Request) -> None:
            shell.runs.leave(request.session_hash or "")

        blocks.unload(leave)
    return blocks


def _tab(name: str) -> gr.Tab:
    return gr.Tab(label(f"tab.{name}"), id=name, elem_id=f"tab-{name}")
