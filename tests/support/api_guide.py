"""The curl lines of docs/api.md and their answers. `python -m support.api_guide docs/api.md http://127.0.0.1:7860`
sends the lines to a running server and writes the answers that come into the page."""

import argparse
import json
import re
import shlex
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import httpx

_PAIR = re.compile(r"```bash\n(?P<curl>curl .*?)\n```\n\n```(?:json|text)\n(?P<answer>.*?)```", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Example:
    """One request of the page, and the text of the answer that it shows."""

    method: str
    path: str
    headers: dict[str, str]
    body: str | None
    answer: str


def examples(page: str) -> list[Example]:
    return [_example(match["curl"], match["answer"]) for match in _PAIR.finditer(page)]


def send(client: httpx.Client, example: Example) -> httpx.Response:
    content = None if example.body is None else example.body.encode()
    return client.request(example.method, example.path, content=content, headers=example.headers)


def shown(response: httpx.Response) -> str:
    """The answer as the page shows it."""
    if response.headers["content-type"] != "application/json":
        return f"{response.status_code} {response.headers['content-type']}\n"
    return json.dumps(response.json(), ensure_ascii=False, indent=2) + "\n"


def refreshed(page: str, client: httpx.Client) -> str:
    answers = iter([shown(send(client, example)) for example in examples(page)])
    return _PAIR.sub(lambda match: _with_answer(match, next(answers)), page)


def _with_answer(match: re.Match[str], answer: str) -> str:
    start, end = match.start("answer") - match.start(), match.end("answer") - match.start()
    return match[0][:start] + answer + match[0][end:]


def _example(curl: str, answer: str) -> Example:
    parser = argparse.ArgumentParser()
    parser.add_argument("-s", action="store_true")
    parser.add_argument("-X", dest="method")
    parser.add_argument("-H", dest="headers", action="append", default=[])
    parser.add_argument("-d", dest="body")
    parser.add_argument("-o", dest="file")
    parser.add_argument("-w", dest="format")
    parser.add_argument("url")
    words = parser.parse_args(list(_words(curl)))
    return Example(
        method=words.method or ("GET" if words.body is None else "POST"),
        path=urlsplit(f"http://{words.url}").path,
        headers=dict(header.split(": ", 1) for header in words.headers),
        body=words.body,
        answer=answer,
    )


def _words(curl: str) -> Iterator[str]:
    words = iter(shlex.split(curl.replace("\\\n", " ")))
    assert next(words) == "curl"
    yield from words


if __name__ == "__main__":
    file = Path(sys.argv[1])
    with httpx.Client(base_url=sys.argv[2], timeout=60) as server:
        server.get("/ready").raise_for_status()
        file.write_text(refreshed(file.read_text("utf-8"), server), "utf-8")
