"""What pydantic found wrong with a request, as one sentence about the first field that is wrong. Knows no routes."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

# pydantic's error type -> what to say after the field's name; `given` is what came, the rest is pydantic's context.
_SENTENCES = {
    "missing": "is required and missing",
    "extra_forbidden": "is not a field of this request; /docs lists the fields of every route",
    "greater_than": "must be greater than {gt}, got {given}",
    "greater_than_equal": "must be at least {ge}, got {given}",
    "less_than": "must be less than {lt}, got {given}",
    "less_than_equal": "must be at most {le}, got {given}",
    "finite_number": "must be a finite number",
    "literal_error": "must be {expected}, got {given}",
    "too_short": "must have at least {min_length} entries, got {actual_length}",
    "too_long": "must have at most {max_length} entries, got {actual_length}",
    "string_too_short": "must not be empty",
    "string_too_long": "must have at most {max_length} characters",
    "string_type": "must be a string, got {given}",
    "int_type": "must be a whole number, got {given}",
    "float_type": "must be a number, got {given}",
    "bool_type": "must be true or false, got {given}",
    "list_type": "must be a list, got {given}",
    "dict_type": "must be an object, got {given}",
    "model_type": "must be an object, got {given}",
    "model_attributes_type": "must be an object, got {given}",
    "value_error": "{error}",
    "said": "{msg}",  # by a check of our own
}
_PLACES = {"body", "query", "path", "header"}
_TAG = re.compile(r"<[a-z_0-9]+>")
_SHOWN_CHARACTERS = 80


def tagged(name: str) -> str:
    """The tag of one form of a union, which stands in pydantic's locations and is no field of the caller's."""
    return f"<{name}>"


def complain(errors: Sequence[Mapping[str, Any]]) -> tuple[str, str | None]:
    """The sentence, and the field as its caller would write it (`documents[3].image`); None where it is the body."""
    first = errors[0]
    field = field_name(first["loc"])
    sentence = _SENTENCES.get(first["type"], "is wrong: {msg}")
    words = {**first.get("ctx", {}), "given": _shown(first.get("input")), "msg": first["msg"]}
    return f"{f'`{field}`' if field else 'the request body'} {sentence.format_map(words)}", field


def field_name(location: Sequence[str | int]) -> str | None:
    parts = location[1:] if location and location[0] in _PLACES else location
    parts = [part for part in parts if isinstance(part, int) or not _TAG.fullmatch(part)]
    name = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in parts)
    return _short(name.removeprefix(".")) or None


def _shown(value: object) -> str:
    """A value as it came, short: it may be a picture of many megabytes, or hold one."""
    if isinstance(value, list):
        return "a list"
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, str):
        return json.dumps(_short(value), ensure_ascii=False)
    return _short(json.dumps(value, default=str))


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN_CHARACTERS else text[:_SHOWN_CHARACTERS] + "..."
