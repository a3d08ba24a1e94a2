"""Which paths are the page's, and what each of them is. Knows nothing of what answers there."""

import re
from typing import Final

LOGIN: Final = "/login"
LOGOUT: Final = "/logout"

# Gradio has many more routes (it can proxy other servers, edit itself, record its visitors); nobody needs them here.
_GRADIO: Final = {
    "/": "/",
    "/config": "/config/?",
    "/theme.css": r"/theme\.css",
    "/manifest.json": r"/manifest\.json",
    "/favicon.ico": r"/favicon\.ico",
    "/assets/{path}": "/assets/.+",
    "/static/{path}": "/static/.+",
    "/gradio_api/upload": "/gradio_api/upload",
    "/gradio_api/{name}": "/gradio_api/(info|upload_progress|cancel|reset|app_id|startup-events)/?",
    "/gradio_api/queue/join": "/gradio_api/queue/join",
    "/gradio_api/queue/data": "/gradio_api/queue/data",
    "/gradio_api/call/{name}": "/gradio_api/call/.+",
    "/gradio_api/heartbeat/{session}": "/gradio_api/heartbeat/[^/]+",
    "/gradio_api/file={path}": "/gradio_api/file=.+",
    "/gradio_api/mcp/{path}": "/gradio_api/mcp(/.*)?",
}
_PATTERNS: Final = tuple((form, re.compile(pattern, re.DOTALL)) for form, pattern in _GRADIO.items())

HOME: Final = "/"
UPLOAD: Final = "/gradio_api/upload"
FILE: Final = "/gradio_api/file={path}"
HEARTBEAT: Final = "/gradio_api/heartbeat/{session}"
JOIN: Final = "/gradio_api/queue/join"
CALL: Final = "/gradio_api/call/{name}"
AGENTS: Final = "/gradio_api/mcp/{path}"
ASSET: Final = "/assets/{path}"
# What Gradio itself brings: the same for all, and in everybody's hands already.
STATIC: Final = frozenset({ASSET, "/static/{path}", "/theme.css", "/manifest.json", "/favicon.ico"})
# Which ask the engine for something.
EVENTS: Final = frozenset({JOIN, CALL, AGENTS})


def gradio_path(path: str) -> str | None:
    """The form of a path that Gradio answers (`/assets/{path}`), None for any other."""
    return next((form for form, pattern in _PATTERNS if pattern.fullmatch(path)), None)


def page_path(path: str) -> str | None:
    """The form of a path that belongs to the page, its door included, None for any other."""
    return path if path in (LOGIN, LOGOUT) else gradio_path(path)
