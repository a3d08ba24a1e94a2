"""`/docs`, rendered from the OpenAPI document; and `/`, which leads there where there is no page."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from api.docs.page import SECURITY_POLICY, render

router = APIRouter(include_in_schema=False)
home = APIRouter(include_in_schema=False)


@home.get("/")
async def lead_to_docs() -> RedirectResponse:
    return RedirectResponse("/docs")


@router.get("/docs")
async def docs(request: Request) -> HTMLResponse:
    page = render(request.app.openapi(), str(request.base_url).rstrip("/"))
    return HTMLResponse(page, headers={"Content-Security-Policy": SECURITY_POLICY})
