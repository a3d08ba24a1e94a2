"""What handlers ask for by type: the service, once it is there, how long the caller waits, the request's id, and the
threads for those who ask how the server is."""

import asyncio
import re
import threading
from collections.abc import AsyncIterator
from typing import Annotated, Final, cast

from anyio import CapacityLimiter
from fastapi import Depends, Header, Request
from pydantic import WithJsonSchema

from api.loading import Loading
from content.errors import InvalidInput
from search.patience import Patience
from search.service import Service

TIMEOUT_HEADER: Final = "X-Request-Timeout"
_SECONDS: Final = re.compile(r"([0-9]+\.?[0-9]*|\.[0-9]+)(e[+-]?[0-9]{1,3})?", re.IGNORECASE | re.ASCII)
RequestTimeout = Annotated[
    str | None,
    WithJsonSchema({"type": "number", "exclusiveMinimum": 0}),
    Header(
        alias=TIMEOUT_HEADER,
        description="Seconds after which the request is given up and answered with 504, where the server's own limit "
        "is not shorter.",
    ),
]


async def _loading(request: Request) -> Loading:
    return cast(Loading, request.app.state.loading)


async def _service(loading: Annotated[Loading, Depends(_loading)]) -> Service:
    return loading.service


async def _patience(
    request: Request, service: Annotated[Service, Depends(_service)], seconds: RequestTimeout = None
) -> AsyncIterator[Patience]:
    """That of the caller of this request: until the deadline, or until the connection is closed.

    Raises Busy before a thread is taken or a picture decoded, when nobody could use the models anyway; InvalidInput for
    a deadline that is none.
    """
    service.worker.check_room()
    patience = Patience(shorter(seconds, service.settings.request_timeout_s))
    watching = asyncio.create_task(cancel_when_gone(request, patience))
    try:
        yield patience
    finally:
        watching.cancel()


def shorter(asked: str | None, most: float) -> float | None:
    """Seconds, of what the caller asks for and the server's own limit, 0 for none. Raises InvalidInput."""
    if asked is None:
        return most or None
    if not _SECONDS.fullmatch(asked) or not 0 < float(asked) < float("inf"):
        raise InvalidInput(
            f"`{TIMEOUT_HEADER}` must be a number of seconds greater than 0, such as 2.5, got {asked[:40]!r}",
            param=TIMEOUT_HEADER,
        )
    return min(float(asked), most or float(asked), threading.TIMEOUT_MAX)


async def cancel_when_gone(request: Request, patience: Patience) -> None:
    """Handlers run on threads, which nobody can cancel. Their request's body has been read, so that the next message
    is the last one."""
    while (await request.receive())["type"] != "http.disconnect":
        pass
    patience.cancel()


async def _request_id(request: Request) -> str:
    return cast(str, request.state.request_id)


async def _probe_threads(request: Request) -> CapacityLimiter:
    """Their own, since the shared ones may all be busy with searches; and few, since anybody may ask, however often."""
    return cast(CapacityLimiter, request.app.state.probe_threads)


LoadingNow = Annotated[Loading, Depends(_loading)]
ServiceNow = Annotated[Service, Depends(_service)]
PatienceNow = Annotated[Patience, Depends(_patience, scope="function")]
RequestId = Annotated[str, Depends(_request_id)]
ProbeThreads = Annotated[CapacityLimiter, Depends(_probe_threads)]
