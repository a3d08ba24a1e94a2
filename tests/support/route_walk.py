"""The routes of a running app as its OpenAPI document tells of them, so that tests meet those too that come later."""

import copy
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

Json = Any


@dataclass(frozen=True)
class BodyRoute:
    """A route that takes JSON. path: its parameters have values. example: a body that it answers with 200."""

    method: str
    path: str
    example: dict[str, Json]
    required: tuple[str, ...]

    @property
    def lists(self) -> list[str]:
        return [name for name, value in self.example.items() if isinstance(value, list)]

    def with_field(self, name: str, value: Json) -> dict[str, Json]:
        return {**copy.deepcopy(self.example), name: value}

    def without(self, name: str) -> dict[str, Json]:
        return {key: value for key, value in self.example.items() if key != name}

    def with_picture(self, image: str) -> Iterator[dict[str, Json]]:
        """The example with a picture in each place where a text or a content stands, one at a time."""
        for place in _contents(self.example):
            yield _replaced(self.example, place, {"image": image})


def body_routes(document: dict[str, Json], collection: str) -> list[BodyRoute]:
    found = []
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            if "requestBody" in operation:
                schemas = list(_schemas(document, operation["requestBody"]["content"]["application/json"]["schema"]))
                example = next(each["examples"][0] for each in schemas if each.get("examples"))
                required = next((each.get("required", ()) for each in schemas if _takes(each, example)), ())
                filled = path.replace("{name}", collection)
                found.append(BodyRoute(method.upper(), filled, example, tuple(required)))
    return found


def paths_with_parameters(document: dict[str, Json]) -> list[tuple[str, str]]:
    """Methods and paths, with the parameters still in braces."""
    return [(method.upper(), path) for path, methods in document["paths"].items() for method in methods if "{" in path]


def _schemas(document: dict[str, Json], schema: dict[str, Json]) -> Iterator[dict[str, Json]]:
    """A body's schema and its alternatives."""
    yield schema
    if "$ref" in schema:
        yield from _schemas(document, document["components"]["schemas"][schema["$ref"].rpartition("/")[2]])
    for choice in (*schema.get("anyOf", ()), *schema.get("oneOf", ())):
        yield from _schemas(document, choice)


def _takes(schema: dict[str, Json], example: dict[str, Json]) -> bool:
    return bool(schema.get("required")) and example.keys() <= schema.get("properties", {}).keys()


def _contents(value: Json, place: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    if isinstance(value, dict):
        if place and ("text" in value or "image" in value):
            yield place
        for key, inner in value.items():
            yield from _contents(inner, (*place, key))
    elif isinstance(value, list):
        for key, inner in enumerate(value):
            yield from _contents(inner, (*place, key))
    elif isinstance(value, str) and place:
        yield place


def _replaced(value: Json, place: tuple[str | int, ...], new: Json) -> Json:
    """In an object that stands there, its other fields stay."""
    copied = copy.deepcopy(value)
    at = copied
    for key in place[:-1]:
        at = at[key]
    there = at[place[-1]]
    at[place[-1]] = {**there, **new} if isinstance(there, dict) else new
    return json.loads(json.dumps(copied))
