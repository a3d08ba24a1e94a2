"""One call of a tool: how long it may take, who hears of its errors, and how. Knows no tool."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Final, cast
from uuid import uuid4

import gradio as gr
from anyio import to_thread
from pydantic import ValidationError
from starlette.requests import Request

from api.complaint import complain
from api.dependencies import TIMEOUT_HEADER, cancel_when_gone, shorter
from api.errors import naming, status_and_type
from api.page.shell import Shell
from api.request_id import unknown_error
from api.schemas.base import AnswerBody
from content.errors import LycheeError
from search.patience import Patience

logger = logging.getLogger(__name__)

Answer = Callable[[Patience, str], AnswerBody]
"""Takes the request's id as its second."""

_MESSAGES: Final = "/gradio_api/mcp/messages"


class ToolError(gr.Error):
    """A sentence for the caller, which Gradio tells as it is and does not log."""

    def __init__(self, message: str) -> None:
        super().__init__(message, print_exception=False)

    def __str__(self) -> str:
        return cast(str, self.message)  # Gradio's own puts it in quotes


async def answered(shell: Shell, request: gr.Request | Request, answer: Answer) -> str:
    """The answer in JSON. request: as Gradio gives it, which is Starlette's where MCP is spoken.

    Raises ToolError for whatever goes wrong.
    """
    caller = request if isinstance(request, Request) else cast(Request, request.request)
    session = "" if isinstance(request, Request) else request.session_hash or ""
    request_id: str = caller.scope["state"]["request_id"]
    try:
        async with _patience(shell, caller, session) as patience:
            made = await to_thread.run_sync(answer, patience, request_id, abandon_on_cancel=True)
            return made.model_dump_json(exclude_unset=True)
    except LycheeError as error:
        if status_and_type(error)[0] == 500:
            logger.error("request %s: %s", request_id, error.message, exc_info=error)
        raise ToolError(naming(error)) from None
    except ValidationError as error:
        raise ToolError(complain(error.errors())[0]) from None
    except Exception:  # the last catch of the tools: a sentence, whatever it was
        logger.exception("request %s failed", request_id)
        raise ToolError(unknown_error(request_id)) from None


@asynccontextmanager
async def _patience(shell: Shell, caller: Request, session: str) -> AsyncIterator[Patience]:
    """Over at the deadline, when the page of the session is left, and when the connection is closed, where it is the
    one that waits for the answer. Raises Busy when nobody could use the models anyway."""
    shell.loading.service.worker.check_room()
    seconds = shorter(caller.headers.get(TIMEOUT_HEADER), shell.settings.request_timeout_s)
    with shell.runs.begun(session, f"tool-{uuid4().hex}", seconds=seconds) as patience:
        waits = not session and not caller.url.path.startswith(_MESSAGES)
        watching = [asyncio.create_task(cancel_when_gone(caller, patience))] if waits else []
        try:
            yield patience
        finally:
            for each in watching:
                each.cancel()
