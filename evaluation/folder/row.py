"""One line of `corpus.jsonl` or `queries.jsonl`: an id, and a text, a picture or both. Knows no files."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from content.errors import InvalidInput
from content.payload import checked_text
from indexer.checks import check_id


@dataclass(frozen=True, slots=True)
class Row:
    """title, text: None where empty; at least one of title, text and image is there. image: a path below the folder, or
    a data URI. instruction: a query's own task."""

    id: str
    title: str | None = None
    text: str | None = None
    image: str | None = None
    instruction: str | None = None

    @property
    def words(self) -> str | None:
        """Title and text with a blank between them, as BEIR's own models read them; None where there are none."""
        return " ".join(filter(None, (self.title, self.text))) or None


def parse(line: bytes) -> Row:
    """Raises InvalidInput, in words that follow the line's number, for what is no row."""
    try:
        value = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise InvalidInput("the line is not UTF-8") from error
    except (ValueError, RecursionError) as error:
        raise InvalidInput(f"the line is not valid JSON: {str(error)[:200]}") from error
    if not isinstance(value, dict):
        raise InvalidInput("the line is not a JSON object")
    row = Row(_id(value), *(_string(value, name) for name in ("title", "text", "image", "instruction")))
    if row.words is None and row.image is None:
        raise InvalidInput(f"the row {row.id[:80]!r} has neither a text nor an image")
    return row


def _id(value: Mapping[str, object]) -> str:
    given = value.get("_id")
    if isinstance(given, int) and not isinstance(given, bool):
        given = str(given)
    if not isinstance(given, str):
        raise InvalidInput("the row has no `_id`, which is a string")
    check_id(given)
    return given


def _string(value: Mapping[str, object], name: str) -> str | None:
    given = value.get(name)
    if given is not None and not isinstance(given, str):
        raise InvalidInput(f"`{name}` is not a string")
    return checked_text(given) if given and given.strip() else None
