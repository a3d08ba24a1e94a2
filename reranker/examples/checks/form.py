"""A line against the three forms that a line may have: everything that is wrong with it, not the first thing only. What
it accepts is what `reranker.examples.line` accepts. Knows no files and not what texts say."""

import difflib
from collections.abc import Iterator, Mapping
from typing import Any, Final

from content.errors import InvalidInput
from content.payload import checked_text
from reranker.examples.checks.finding import Fault, shown
from reranker.examples.checks.kinds import (
    BAD_CHARACTER,
    EMPTY_GROUP,
    EMPTY_SIDE,
    LABEL_VALUE,
    MISSING_FIELD,
    MIXED_FORMS,
    NOT_OBJECT,
    REPEATED_FIELD,
    UNKNOWN_FIELD,
    WRONG_TYPE,
)
from reranker.examples.checks.scores import score_faults
from reranker.examples.checks.values import Repeated
from reranker.examples.line import LABELS

Found = Iterator[tuple[Fault, str]]
"""What is wrong, and in which field."""

GROUP: Final = frozenset({"positive", "negatives"})
FIELDS: Final = frozenset({"instruction", "query", "document", "score", "label"}) | GROUP
SIDE_FIELDS: Final = frozenset({"text", "image"})


def form_faults(value: object) -> Found:
    """Nothing for what `read_value` reads, and at least one fault for what it refuses."""
    if not isinstance(value, dict):
        yield Fault(NOT_OBJECT, f"the line is {_named(value)}, not an object"), ""
        return
    yield from _repeated(value, "")
    yield from _fields(value)
    yield from _instruction(value.get("instruction"))
    for name in ("query", "document"):
        if name in value:
            yield from side_faults(value[name], name)
    for name in ("positive", "negatives"):
        if name in value:
            yield from _listed(value[name], name)
    if "score" in value:
        yield from ((fault, "score") for fault in score_faults(value["score"]))
    if "label" in value:
        yield from _label(value["label"])


def side_faults(value: object, field: str) -> Found:
    if isinstance(value, str):
        value = {"text": value}
    elif value is None:
        yield Fault(EMPTY_SIDE, f"{field} is null"), field
        return
    if not isinstance(value, dict):
        yield (
            Fault(WRONG_TYPE, f"{field} is {_named(value)}; it is a text, or an object with text, image or both"),
            field,
        )
        return
    yield from _repeated(value, field)
    for name in sorted(value.keys() - SIDE_FIELDS):
        yield Fault(UNKNOWN_FIELD, f"{field} has a field {shown(name)}; {_meant(name, SIDE_FIELDS)}"), field
    filled = False
    for name in sorted(SIDE_FIELDS & value.keys()):
        part = value[name]
        if part is not None and not isinstance(part, str):
            yield Fault(WRONG_TYPE, f"{field}.{name} is {_named(part)}; it is a string"), f"{field}.{name}"
            filled = True
        elif part and part.strip():
            filled = True
        yield from _characters(part, f"{field}.{name}")
    if not filled:
        yield Fault(EMPTY_SIDE, f"{field} has neither a text nor an image"), field


def _fields(value: Mapping[str, Any]) -> Found:
    for name in sorted(value.keys() - FIELDS):
        yield Fault(UNKNOWN_FIELD, f"there is a field {shown(name)}; {_meant(name, FIELDS)}"), name
    grouped = value.keys() & GROUP
    single = value.keys() & {"document", "score", "label"}
    if (grouped and single) or {"score", "label"} <= single:
        names = ", ".join(sorted(grouped | single))
        yield Fault(MIXED_FORMS, f"it has {names}: a line has one form"), min(single)
    needed = ["query", "positive", "negatives"] if grouped and not single else ["query"]
    if not grouped:
        needed.append("document")
    for name in needed:
        if name not in value:
            yield Fault(MISSING_FIELD, f"there is no {name}"), name
    if not grouped and not {"score", "label"} & single:
        yield Fault(MISSING_FIELD, "there is neither a score nor a label"), "score"


def _repeated(value: Mapping[str, Any], field: str) -> Found:
    if isinstance(value, Repeated):
        for name in value.names:
            yield (
                Fault(REPEATED_FIELD, f"the field {shown(name)} is written twice; only the last counts"),
                field or name,
            )


def _instruction(value: object) -> Found:
    if value is not None and not isinstance(value, str):
        yield Fault(WRONG_TYPE, f"the instruction is {_named(value)}; it is a string"), "instruction"
    yield from _characters(value, "instruction")


def _listed(value: object, field: str) -> Found:
    documents = value if isinstance(value, list) else [value]
    if field == "positive" and not documents:
        yield Fault(EMPTY_GROUP, "the list of positives is empty"), field
    for place, one in enumerate(documents):
        yield from side_faults(one, f"{field}[{place}]")


def _label(value: object) -> Found:
    try:
        if (value.lower() if isinstance(value, str) else value) in LABELS:
            return
    except TypeError:  # lists and objects, which no table can be asked for
        pass
    hint = ""
    if isinstance(value, str) and value.strip().lower() in ("true", "false", "0", "1"):
        hint = f"; write {value.strip().lower()} without quotation marks"
    yield Fault(LABEL_VALUE, f"the label is {_named(value)}{hint}"), "label"


def _characters(value: object, field: str) -> Found:
    if isinstance(value, str):
        try:
            checked_text(value)
        except InvalidInput as error:
            yield Fault(BAD_CHARACTER, error.message), field


def _meant(name: str, names: frozenset[str]) -> str:
    near = difflib.get_close_matches(name[:40], sorted(names), 1)
    return f"did you mean {near[0]}?" if near else f"fields are {', '.join(sorted(names))}"


def _named(value: object) -> str:
    """A value as reasons call it."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return f"the text {shown(value)}"
    if isinstance(value, int | float):
        return f"the number {shown(repr(value), 20)[1:-1]}"
    return "a list" if isinstance(value, list) else "an object"
