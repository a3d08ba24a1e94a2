"""One line of examples, in any of its three forms, and the one form in which they are written. Knows no files.

- a triple: `{"instruction", "query", "document", "score": 0.0 to 1.0}`
- a label: the same with `"label"`: 0, 1, true, false, "yes" or "no" instead of the score
- a group: `{"instruction", "query", "positive", "negatives"}`: a document or a list of them, of score 1 and of score 0
"""

import json
from collections.abc import Mapping
from typing import Any, Final

from content.errors import InvalidInput
from content.payload import checked_text
from reranker.examples.example import Example, Side

LABELS: Final[Mapping[object, float]] = {0: 0.0, 1: 1.0, "yes": 1.0, "no": 0.0}  # True and False are 1 and 0
_SHOWN: Final = 200  # characters of what stands in a line
FORMS: Final = (
    {"instruction", "query", "document", "score"},
    {"instruction", "query", "document", "label"},
    {"instruction", "query", "positive", "negatives"},
)


def parse(line: str, number: int = 0) -> list[Example]:
    """The examples of a line: one, or a group's, the positive first. number: of the line, from 1.

    Raises InvalidInput, in one sentence, for whatever is none; `param` is the field that was wrong, where it was one.
    """
    return read_value(decode(line), number)


def decode(line: str) -> object:
    """What the JSON of a line says. Raises InvalidInput for what is no JSON."""
    try:
        return json.loads(line)
    except (ValueError, RecursionError) as error:
        raise InvalidInput(f"this is no JSON: {str(error).partition(chr(10))[0]}") from error


def read_value(value: object, number: int = 0) -> list[Example]:
    """As `parse`, for a line that is decoded already."""
    if not isinstance(value, dict):
        raise InvalidInput('a line is an object, such as {"instruction", "query", "document", "score"}')
    form = next((form for form in FORMS if value.keys() <= form and (form - value.keys()) <= {"instruction"}), None)
    if form is None:
        raise InvalidInput(f"it has the fields {', '.join(sorted(value))[:_SHOWN] or 'none'}; {_expected()}")
    instruction = "" if value.get("instruction") is None else value["instruction"]
    if not isinstance(instruction, str):
        raise InvalidInput("the instruction is a string", param="instruction")
    checked_text(instruction, param="instruction")
    query = read_side(value["query"], "query")
    return [Example(instruction, query, document, score, number) for document, score in _documents(value)]


def render(example: Example) -> str:
    """The example as a triple, in one line, without a line's end. Reads back as it was, but for its line."""
    value = {
        "instruction": example.instruction,
        "query": _rendered(example.query),
        "document": _rendered(example.document),
        "score": example.score,
    }
    return json.dumps(value, ensure_ascii=False)


def _documents(value: Mapping[str, Any]) -> list[tuple[Side, float]]:
    if "positive" in value:
        positives, negatives = _listed(value["positive"]), _listed(value["negatives"])
        if not positives:
            raise InvalidInput("a group has at least one positive", param="positive")
        right = [(read_side(one, f"positive[{place}]"), 1.0) for place, one in enumerate(positives)]
        return right + [(read_side(one, f"negatives[{place}]"), 0.0) for place, one in enumerate(negatives)]
    score = _label(value["label"]) if "label" in value else _score(value["score"])
    return [(read_side(value["document"], "document"), score)]


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


def _score(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise InvalidInput(f"the score is {repr(value)[:_SHOWN]}; it is a number from 0 to 1", param="score")
    return float(value)


def _label(value: object) -> float:
    try:
        return LABELS[value.lower() if isinstance(value, str) else value]
    except (KeyError, TypeError):
        raise InvalidInput(
            f"the label is {repr(value)[:_SHOWN]}; it is 0, 1, true, false, yes or no", param="label"
        ) from None


def read_side(value: object, param: str) -> Side:
    """A query or document as a line has it: a text, or an object. Raises InvalidInput."""
    fields = {"text": value} if isinstance(value, str) else value
    if not isinstance(fields, dict) or not fields.keys() <= {"text", "image"}:
        raise InvalidInput(f"{param} is a text, or an object with text, image or both", param=param)
    for name, part in fields.items():
        if part is not None and not isinstance(part, str):
            raise InvalidInput(f"{param}.{name} is a string", param=f"{param}.{name}")
        checked_text(part or "", param=f"{param}.{name}")
    text, image = (part if part and part.strip() else None for part in (fields.get("text"), fields.get("image")))
    if text is None and image is None:
        raise InvalidInput(f"{param} is empty; it has a text, an image or both", param=param)
    return Side(text, image)


def _rendered(side: Side) -> str | dict[str, str]:
    if side.image is None:
        return side.text or ""
    return {"image": side.image} if side.text is None else {"text": side.text, "image": side.image}


def _expected() -> str:
    return "a line has query, document and score (or label), or query, positive and negatives, each with an instruction"
