"""Errors as HTTP answers: one table from the classes of content/errors.py to a status and a type. Knows nothing of
routes, nor of the forms that an error takes."""

import logging
from collections.abc import Mapping

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response
from starlette.types import Scope

from api.complaint import complain
from api.guards.strangers import is_stranger
from api.shapes import Failure, shape_of
from content.errors import (
    Busy,
    Cancelled,
    CollectionBusy,
    CollectionClosed,
    CollectionError,
    DeadlineExceeded,
    EncoderMismatch,
    InvalidInput,
    LycheeError,
    ModelError,
    NotAnImage,
    NotFound,
    NotReady,
    SettingsError,
    TooLarge,
    TruncatedImage,
    UrlFailed,
    UrlRefused,
)

logger = logging.getLogger(__name__)

# Class -> status and `error.type`. A class that is not here is answered as the nearest of its bases.
TABLE: Mapping[type[LycheeError], tuple[int, str]] = {
    LycheeError: (500, "internal_error"),
    InvalidInput: (400, "invalid_input"),
    UrlRefused: (400, "url_refused"),
    UrlFailed: (400, "url_failed"),
    TooLarge: (413, "too_large"),
    NotAnImage: (415, "not_an_image"),
    TruncatedImage: (415, "truncated_image"),
    NotFound: (404, "not_found"),
    CollectionError: (500, "collection_error"),
    CollectionBusy: (503, "collection_busy"),
    CollectionClosed: (404, "not_found"),
    EncoderMismatch: (409, "encoder_mismatch"),
    SettingsError: (500, "settings_error"),
    ModelError: (503, "model_error"),
    NotReady: (503, "not_ready"),
    Busy: (429, "busy"),
    DeadlineExceeded: (504, "timeout"),
    Cancelled: (499, "cancelled"),  # nginx's number for a caller who left; nobody reads this answer
}
_HEADERS = {429: {"Retry-After": "1"}}  # seconds; a request is answered, and makes room, about that often
_HTTP_TYPES = {
    400: "invalid_input",
    404: "not_found",
    405: "method_not_allowed",
    408: "too_slow",
    415: "unsupported_media_type",
}
_SCHEMA_TYPE = "schema_error"


def status_and_type(error: LycheeError) -> tuple[int, str]:
    return next(TABLE[kind] for kind in type(error).__mro__ if kind in TABLE)


def error_response(
    scope: Scope,
    status: int,
    type_: str,
    message: str,
    param: str | None = None,
    *,
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:
    """In the form that this request's caller reads."""
    failure = Failure(status, type_, message, param, request_id=scope["state"]["request_id"])
    return JSONResponse(shape_of(scope)(failure), status, headers)


def lychee_response(scope: Scope, error: LycheeError) -> JSONResponse:
    """For errors that no route raises, but what stands before the routes."""
    status, type_ = status_and_type(error)
    return error_response(scope, status, type_, naming(error), error.param, headers=_HEADERS.get(status))


def install(app: FastAPI) -> None:
    """Makes every error that a route raises, and those of the framework itself, come out in the one shape."""
    app.add_exception_handler(LycheeError, _lychee_error)
    app.add_exception_handler(RequestValidationError, _schema_error)
    app.add_exception_handler(HTTPException, _http_error)


async def _lychee_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, LycheeError)
    if isinstance(error, NotReady) and is_stranger(request.scope):
        error = NotReady("it is not ready; who asks with an API key is told why")
    status, _ = status_and_type(error)
    if status == 500:  # the caller can do nothing about it, so somebody should read of it
        trace = None if isinstance(error, CollectionError) else error  # of which the message says all
        logger.error("request %s: %s", request.state.request_id, error.message, exc_info=trace)
    return lychee_response(request.scope, error)


def naming(error: LycheeError) -> str:
    """The message, which rooms below write without the field it is about."""
    if error.param is None or error.param in error.message:
        return error.message
    return f"`{error.param}`: {error.message}"


async def _schema_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    message, param = complain(error.errors())
    return error_response(request.scope, 422, _SCHEMA_TYPE, message, param)


async def _http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return error_response(
        request.scope,
        error.status_code,
        _HTTP_TYPES.get(error.status_code, "http_error"),
        _sentence(request, error),
        headers=error.headers,
    )


def _sentence(request: Request, error: HTTPException) -> str:
    """The framework says only `Not Found`; say what was not found and where to look."""
    where = f"{request.method} {request.url.path[:200]}"
    if error.status_code == 404 and error.detail == "Not Found":
        return f"there is no route {where}; /docs lists all routes"
    if error.status_code == 405:
        allowed = (error.headers or {}).get("Allow")
        return f"{where} is not possible" + (f"; this path takes {allowed}" if allowed else "; /docs lists all routes")
    return str(error.detail)
