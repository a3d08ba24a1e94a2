"""A request as a line for bash and curl. Sends nothing."""

import json
import shlex
from typing import Final

from api.page.code.body import ENVIRONMENT_KEY, Body, Layout, PictureFile, given, has_picture, shown

# The body comes by a here-document: an argument may have 128 KiB, and a picture has more. No line of JSON is its end.
_END: Final = "JSON"


def curl_line(url: str, body: Body, *, asks_key: bool) -> str:
    """asks_key: sends the key that stands in the environment."""
    key = f' \\\n  -H "Authorization: Bearer ${ENVIRONMENT_KEY}"' if asks_key else ""
    head = f"curl -sS {shlex.quote(url)} -H 'Content-Type: application/json'{key} --data-binary @-"
    # With the word in quotes the shell leaves what follows alone; but then it reads no files either.
    word, leaf = (_END, _for_the_shell) if has_picture(body) else (f"'{_END}'", _json)
    return f"{head} <<{word}\n{Layout(leaf).write(given(body))}\n{_END}"


def _json(value: object) -> str:
    return shown(json.dumps(value, ensure_ascii=False, allow_nan=False), lambda each: json.dumps(each)[1:-1])


def _for_the_shell(value: object) -> str:
    if isinstance(value, PictureFile):
        return f'"$(base64 -w0 < {_file(value.name)})"'
    text = _json(value)
    for sign in "\\$`":
        text = text.replace(sign, f"\\{sign}")
    return text


def _file(name: str) -> str:
    if name.isprintable():
        return f"'{name}'" if shlex.quote(name) == name else shlex.quote(name)
    escaped = name.replace("\\", "\\\\").replace("'", "\\'")
    return (
        "$'" + shown(escaped, lambda each: "".join(f"\\x{byte:02x}" for byte in each.encode("utf-8", "replace"))) + "'"
    )
