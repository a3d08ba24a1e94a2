"""`--filter JSON` as a filter. Knows nothing of the language but that it is JSON."""

import json

from content.errors import InvalidInput
from indexer.filters import Filter, parse_filter

_EXAMPLE = """--filter '{"price": {"$lt": 500}}'"""


def read_filter(given: str | None) -> Filter | None:
    """Raises InvalidInput for what is no JSON, and for what is no filter."""
    if given is None:
        return None
    try:
        value = json.loads(given)
    except json.JSONDecodeError as error:
        raise InvalidInput(
            f"--filter is no JSON: {error.msg} at character {error.pos + 1}; in most shells, single quotes around it "
            f"keep it whole: {_EXAMPLE}",
            param="filter",
        ) from error
    except (ValueError, RecursionError) as error:
        raise InvalidInput("--filter holds a number too long, or is nested too deep", param="filter") from error
    try:
        return parse_filter(value)
    except InvalidInput as error:
        place = "" if error.param in (None, "filter") or f"`{error.param}`" in error.message else f"{error.param}: "
        raise InvalidInput(f"{place}{error.message}", param=error.param) from error
