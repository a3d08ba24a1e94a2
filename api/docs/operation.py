"""One operation of an OpenAPI document, with the references resolved. Knows nothing of HTML."""

import json
import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Schema = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Field:
    """One line of a table: a field of a body, or a parameter of a path."""

    name: str
    type: str
    required: bool
    default: str | None
    description: str


@dataclass(frozen=True, slots=True)
class Answer:
    status: str
    media_type: str
    description: str
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Operation:
    """What a reader wants to know of a route.

    example: the body of a request, None where it takes none. keyed: the server asks for an API key.
    """

    id: str
    tag: str
    method: str
    path: str
    summary: str
    description: str
    parameters: tuple[Field, ...]
    headers: tuple[Field, ...]
    keyed: bool
    body: tuple[Field, ...]
    example: Schema | None
    answers: tuple[Answer, ...]

    def curl(self, base: str) -> str:
        """The example request as a command line."""
        method = "" if self.method == ("GET" if self.example is None else "POST") else f"-X {self.method} "
        key = ' -H "Authorization: Bearer $KEY"' if self.keyed else ""
        line = f"curl -s {method}{base}{self.path}{key}"
        if self.example is None:
            return line
        return (
            f"{line} -H 'Content-Type: application/json' -d {shlex.quote(json.dumps(self.example, ensure_ascii=False))}"
        )


def operations(document: Schema) -> Iterator[Operation]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield _operation(document, path, method.upper(), operation)


def _operation(document: Schema, path: str, method: str, operation: Schema) -> Operation:
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    return Operation(
        id=operation["operationId"],
        tag=operation.get("tags", ["other"])[0],
        method=method,
        path=path,
        summary=operation.get("summary", ""),
        description=operation.get("description", ""),
        parameters=tuple(_parameters(document, operation, "path")),
        headers=tuple(_parameters(document, operation, "header")),
        keyed=bool(operation.get("security", document.get("security"))),
        body=tuple(_fields(document, body)),
        example=_example(_resolve(document, body)),
        answers=tuple(_answer(document, status, each) for status, each in operation["responses"].items()),
    )


def _example(body: Schema) -> Schema | None:
    """The first example, its fields in the order in which they are described: pydantic sorts them by name."""
    if "examples" not in body:
        return None
    example: Schema = body["examples"][0]
    return {name: example[name] for name in body.get("properties", example) if name in example}


def _parameters(document: Schema, operation: Schema, place: str) -> Iterator[Field]:
    for each in operation.get("parameters", []):
        if each["in"] == place:
            type_ = _type(document, each["schema"])
            yield Field(each["name"], type_, each.get("required", False), None, each.get("description", ""))


def _answer(document: Schema, status: str, answer: Schema) -> Answer:
    content: Schema = answer.get("content", {})
    media_type = ", ".join(content)
    schema = content.get("application/json", {}).get("schema", {})
    return Answer(status, media_type, answer["description"], tuple(_fields(document, schema)))


def _fields(document: Schema, schema: Schema, prefix: str = "") -> Iterator[Field]:
    """The fields of an object, those of objects within it below it as `items[].text`."""
    resolved = _resolve(document, schema)
    if _choices(resolved) or resolved.get("type") == "array":
        fields: dict[str, Field] = {}
        for inner, path in _inner(document, resolved, prefix.removesuffix(".")):
            for each in _fields(document, inner, f"{path}." if path else ""):
                fields.setdefault(each.name, each)  # the choices share most of theirs
        yield from fields.values()
    for name, field in resolved.get("properties", {}).items():
        default = json.dumps(field["default"]) if field.get("default") is not None else None
        required = name in resolved.get("required", [])
        yield Field(prefix + name, _type(document, field), required, default, field.get("description", ""))
        for inner, path in _inner(document, field, f"{prefix}{name}"):
            yield from _fields(document, inner, f"{path}.")


def _inner(document: Schema, schema: Schema, path: str) -> Iterator[tuple[Schema, str]]:
    """The objects that a field holds: itself, one of its alternatives, or its entries."""
    if "$ref" in schema:
        yield schema, path
    elif _choices(schema):
        for choice in _choices(schema):
            yield from _inner(document, choice, path)
    elif "prefixItems" in schema:
        for place, each in enumerate(schema["prefixItems"]):
            yield from _inner(document, each, f"{path}[{place}]")
    elif schema.get("type") == "array":
        yield from _inner(document, schema["items"], f"{path}[]")
    elif isinstance(schema.get("additionalProperties"), Mapping):
        yield from _inner(document, schema["additionalProperties"], f"{path}.*")


def _choices(schema: Schema) -> Sequence[Schema]:
    choices: Sequence[Schema] = schema.get("oneOf", schema.get("anyOf", ()))
    return choices


def _resolve(document: Schema, schema: Schema) -> Schema:
    if "$ref" not in schema:
        return schema
    name = schema["$ref"].rpartition("/")[2]
    resolved: Schema = document["components"]["schemas"][name]
    return resolved


def _type(document: Schema, schema: Schema) -> str:
    """A type in words: `string`, `list of string or object`, `1 or 10`."""
    if "$ref" in schema:
        return _type(document, _resolve(document, schema))
    if _choices(schema):
        names = [_type(document, choice) for choice in _choices(schema) if choice.get("type") != "null"]
        return " or ".join(dict.fromkeys(names))
    if "enum" in schema or "const" in schema:
        return " or ".join(json.dumps(value) for value in schema.get("enum", [schema.get("const")]))
    if "prefixItems" in schema:
        return f"list: {', '.join(_type(document, each) for each in schema['prefixItems'])}"
    if schema.get("type") == "array":
        return f"list of {_type(document, schema['items'])}"
    return _ranged(schema)


def _ranged(schema: Schema) -> str:
    name = str(schema.get("type", "any JSON"))
    if "minimum" in schema and "maximum" in schema:
        return f"{name}, {schema['minimum']:g} to {schema['maximum']:g}"
    return f"{name}, at least {schema['minimum']:g}" if "minimum" in schema else name
