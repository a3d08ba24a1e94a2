"""A page in Gradio's place: it tells what reaches it, and answers as rashly as Gradio does."""

from fastapi import FastAPI, Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse

DOCUMENT = """<!doctype html><head><meta property="og:image" content="https://other.example/a.jpg" />
<meta
    name="twitter:image"
    content="https://other.example/b.jpg"
/><title>kept</title></head><body>the page</body>"""


def plain_page(loading, settings, folder) -> FastAPI:
    page = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)

    @page.middleware("http")
    async def open_to_all(request, call_next):
        answer = await call_next(request)
        answer.headers["Access-Control-Allow-Origin"] = request.headers.get("origin", "*")
        answer.headers["Access-Control-Allow-Credentials"] = "true"
        return answer

    @page.get("/")
    def home():
        return HTMLResponse(DOCUMENT)

    @page.get("/assets/{path:path}")
    def asset(path: str):
        return PlainTextResponse("asset", 404 if path == "none" else 200)

    @page.api_route("/{path:path}", methods=["GET", "POST", "OPTIONS"])
    async def anything(path: str, request: Request):
        state = request.scope["state"]
        told = {"bytes": len(await request.body()), "key": state.get("key_name"), "scope": state.get("key_scope")}
        return JSONResponse(told)

    return page
