"""The table of docs/compatibility.md, made from the outcomes of the tests that are marked with `client`."""

from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec

import pytest

MARK = "client(name, call, content): a row of docs/compatibility.md; name is a distribution, or another program's"
CONTENTS = ("text", "picture", "text and picture", "stored picture", "error")
_HEAD = "| client | version | call | content | result |\n| :--- | :--- | :--- | :--- | :--- |\n"


@dataclass(frozen=True, slots=True)
class Row:
    """One call of one client. version: `by curl` for a program that is not here, whose body was sent in its place."""

    client: str
    version: str
    call: str
    content: str


def needs(package: str) -> pytest.MarkDecorator:
    """Without importing it: some take seconds, which those who run other tests need not wait."""
    return pytest.mark.skipif(find_spec(package) is None, reason=f"{package} is not installed; ./test.sh does it")


def row_of(item: pytest.Item) -> Row | None:
    """The row that a test fills; None where it fills none."""
    mark = item.get_closest_marker("client")
    if mark is None:
        return None
    name, call, content = mark.args
    assert content in CONTENTS, content
    return Row(name, mark.kwargs.get("version") or _version(name), call, content)


def table(outcomes: dict[Row, bool]) -> str:
    """In the order in which the tests stand in their files."""
    return _HEAD + "\n".join(
        f"| {row.client} | {row.version} | `{row.call}` | {row.content} | {'works' if passed else 'fails'} |"
        for row, passed in outcomes.items()
    )


def refreshed(page: str, part: str, made: str) -> str:
    """The page with one of its parts made anew."""
    start, end = f"<!-- made by tests/clients: {part} -->\n\n", "<!-- end -->"
    before, _, rest = page.partition(start)
    return f"{before}{start}{made}\n\n{end}{rest.partition(end)[2]}"


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "by curl"
