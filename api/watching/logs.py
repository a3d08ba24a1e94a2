"""How the server logs: lines for people, or one JSON object a line, with the id of the request that each belongs to.
Knows nothing of requests but that id."""

import json
import logging
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any, Final, Literal

LogForm = Literal["text", "json"]

ACCESS: Final = "api.access"  # the logger that is told of every request
request_id: Final[ContextVar[str | None]] = ContextVar("request_id", default=None)  # of the request that is answered


class RequestIdFilter(logging.Filter):
    """Writes the request's id on what is logged while it is answered, on its own thread or one that works for it."""

    def filter(self, record: logging.LogRecord) -> bool:
        if not hasattr(record, "request_id"):
            record.request_id = request_id.get()
        return True


class JsonFormatter(logging.Formatter):
    """One object a line: time (RFC 3339, UTC), level, logger, message; request_id, the fields that the record brings,
    and the trace of an error as one string, where there are any."""

    def format(self, record: logging.LogRecord) -> str:
        time = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        line: dict[str, Any] = {
            "time": time.replace("+00:00", "Z"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        known = getattr(record, "request_id", None)
        if known is not None:
            line["request_id"] = known
        line.update(getattr(record, "fields", {}))
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, default=str)  # in ASCII, so that no terminal or collector can stumble over it


def log_config(form: LogForm) -> dict[str, Any]:
    """For `logging.config`: all loggers, uvicorn's too, write to stderr. `text` tells warnings and errors; `json` tells
    every request as well, and when the server starts and stops."""
    as_json = form == "json"
    text = {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"request": {"()": RequestIdFilter}},
        "formatters": {"line": {"()": JsonFormatter} if as_json else text},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["request"]}},
        "root": {"handlers": ["stderr"], "level": "WARNING"},
        "loggers": {
            "uvicorn.error": {"level": "INFO" if as_json else "ERROR"},
            ACCESS: {"level": "INFO" if as_json else "WARNING"},
            "PIL": {"level": "CRITICAL"},  # it tells of every broken picture, which is its sender's affair
            "reranker.checkpoint": {"level": "INFO"},  # what its model takes: a command's terminal is told otherwise
        },
    }
