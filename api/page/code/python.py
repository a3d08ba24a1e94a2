"""A request as a piece of Python: by `clients`, or by httpx where that has no call for it. Sends nothing."""

from collections.abc import Mapping
from typing import Final

from api.page.code.body import ENVIRONMENT_KEY, Body, Layout, PictureFile, given, has_picture

# Path -> the method of the client, which takes all fields of the body by their names.
_METHODS: Final = {"/v1/search": "search", "/rerank_batch": "rerank"}
_SHOWN: Final = {
    "search": "for hit in answer.hits:\n    print(hit.rank, hit.id, hit.score)",
    "rerank": "for result in answer.results:\n    print(result.rank, result.index, result.score)",
}


def python_lines(base: str, path: str, body: Body, *, asks_key: bool) -> str:
    """asks_key: sends the key that stands in the environment."""
    body = given(body)
    if path in _METHODS and _is_plain(body):
        return _by_client(base, _METHODS[path], body, asks_key)
    return _by_httpx(base + path, body, asks_key)


def _is_plain(body: Body) -> bool:
    """Whether the client's contents can say it, which know no stored items and no content parts."""
    contents = [body.get("query"), *body.get("documents", [])]
    return all(
        isinstance(each, str) or (isinstance(each, Mapping) and each.keys() <= {"text", "image"}) for each in contents
    )


def _by_client(base: str, name: str, body: Body, asks_key: bool) -> str:
    key = f', api_key=os.environ["{ENVIRONMENT_KEY}"]' if asks_key else ""
    with_content = _has_content(body)
    imports = _imports(
        asks_key, has_picture(body), f"from clients import {'Content, ' if with_content else ''}LycheeClient"
    )
    arguments = "".join(f"    {each}={_argument(each, value)},\n" for each, value in body.items())
    client = f"client = LycheeClient({_quoted(base)}{key})"
    return f"{imports}\n\n{client}\nanswer = client.{name}(\n{arguments})\n{_SHOWN[name]}"


def _has_content(body: Body) -> bool:
    return any(isinstance(each, Mapping) for each in (body["query"], *body.get("documents", [])))


def _argument(name: str, value: object) -> str:
    if name == "query":
        return _content(value)
    if name == "documents" and isinstance(value, list | tuple):
        return "[\n" + "".join(f"        {_content(each)},\n" for each in value) + "    ]"
    return _literal(value, "    ")


def _content(value: object) -> str:
    if not isinstance(value, Mapping):
        return _quoted(value)
    return f"Content({', '.join(f'{name}={_bytes_or_text(inside)}' for name, inside in value.items())})"


def _bytes_or_text(value: object) -> str:
    return _bytes(value) if isinstance(value, PictureFile) else _quoted(value)


def _bytes(file: PictureFile) -> str:
    return f"Path({_quoted(file.name)}).read_bytes()"


def _by_httpx(url: str, body: Body, asks_key: bool) -> str:
    files = has_picture(body)
    imports = _imports(asks_key, files, "import httpx", encodes=files)
    key = f'    headers={{"Authorization": f"Bearer {{os.environ[\'{ENVIRONMENT_KEY}\']}}"}},\n' if asks_key else ""
    post = f"httpx.post(\n    {_quoted(url)},\n{key}    json={_literal(body, '    ')},\n    timeout=120,\n)"
    return f"{imports}\n\nresponse = {post}\nresponse.raise_for_status()\nprint(response.json())"


def _literal(value: object, indent: str) -> str:
    return Layout(_leaf, last=",", step=4).write(value, indent)


def _leaf(value: object) -> str:
    return f"base64.b64encode({_bytes(value)}).decode()" if isinstance(value, PictureFile) else _quoted(value)


def _quoted(value: object) -> str:
    """In double quotes where that takes no escapes."""
    written = repr(value)
    return f'"{written[1:-1]}"' if written.startswith("'") and '"' not in written else written


def _imports(asks_key: bool, files: bool, library: str, *, encodes: bool = False) -> str:
    standard = [("import base64", encodes), ("import os", asks_key), ("from pathlib import Path", files)]
    used = [line for line, is_used in standard if is_used]
    return "\n".join([*used, "", library] if used else [library])
