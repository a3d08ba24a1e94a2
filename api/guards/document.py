"""What the OpenAPI document says of keys, so that clients made from it send one. Knows no keys."""

from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI

from api.guards.scopes import is_open

_SCHEME = "key"


def tell_of_keys(app: FastAPI) -> None:
    made = app.openapi

    def openapi() -> dict[str, Any]:
        return with_keys(made())

    app.openapi = openapi  # type: ignore[method-assign]  # as FastAPI has it for documents that are extended


def with_keys(document: Mapping[str, Any]) -> dict[str, Any]:
    """The document, with a bearer key for all operations but those that are open."""
    scheme = {"type": "http", "scheme": "bearer", "description": "An API key, from `lychee keys add NAME`."}
    return {
        **document,
        "components": {**document.get("components", {}), "securitySchemes": {_SCHEME: scheme}},
        "security": [{_SCHEME: []}],
        "paths": {path: _marked(path, operations) for path, operations in document["paths"].items()},
    }


def _marked(path: str, operations: Mapping[str, Any]) -> dict[str, Any]:
    return {
        method: {**operation, "security": []} if is_open(method.upper(), path) else operation
        for method, operation in operations.items()
    }
