"""What handlers ask for by type: the service, once it is there, how long the caller waits, and the request's id."""

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated, cast

from fastapi import Depends, Request

from api.loading import Loading
from search.patience import Patience
from search.service import Service


async def _loading(request: Request) -> Loading:
    return cast(Loading, request.app.state.loading)


async def _service(loading: Annotated[Loading, Depends(_loading)]) -> Service:
    return loading.service


async def _patience(request: Request, service: Annotated[Service, Depends(_service)]) -> AsyncIterator[Patience]:
    """That of the caller of this request: until the deadline, or until the connection is closed.

    Raises Busy before a thread is taken or a picture decoded, when nobody could use the models anyway.
    """
    service.worker.check_room()
    patience = Patience(service.settings.request_timeout_s or None)
    watching = asyncio.create_task(_cancel_when_gone(request, patience))
    try:
        yield patience
    finally:
        watching.cancel()


async def _cancel_when_gone(request: Request, patience: Patience) -> None:
    """Handlers run on threads, which nobody can cancel. Their request's body has been read, so that the next message
    is the last one."""
    while (await request.receive())["type"] != "http.disconnect":
        pass
    patience.cancel()


async def _request_id(request: Request) -> str:
    return cast(str, request.state.request_id)


LoadingNow = Annotated[Loading, Depends(_loading)]
ServiceNow = Annotated[Service, Depends(_service)]
PatienceNow = Annotated[Patience, Depends(_patience, scope="function")]
RequestId = Annotated[str, Depends(_request_id)]
