"""What handlers ask for by type: the service, once it is there, and the request's id."""

from typing import Annotated, cast

from fastapi import Depends, Request

from api.loading import Loading
from search.service import Service


async def _loading(request: Request) -> Loading:
    return cast(Loading, request.app.state.loading)


async def _service(loading: Annotated[Loading, Depends(_loading)]) -> Service:
    return loading.service


async def _request_id(request: Request) -> str:
    return cast(str, request.state.request_id)


LoadingNow = Annotated[Loading, Depends(_loading)]
ServiceNow = Annotated[Service, Depends(_service)]
RequestId = Annotated[str, Depends(_request_id)]
