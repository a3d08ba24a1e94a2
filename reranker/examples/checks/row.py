"""A line as far as it can be read, with all that is known of its parts. Knows no other line."""

from collections.abc import Iterator
from dataclasses import dataclass

from content.errors import InvalidInput
from reranker.examples.checks.finding import Fault, Finding
from reranker.examples.checks.form import form_faults
from reranker.examples.checks.kinds import INSTRUCTION_IS_QUERY, QUERY_IS_DOCUMENT
from reranker.examples.checks.sides import InstructionFacts, SideFacts, Sides
from reranker.examples.checks.values import has_repeated, value_of
from reranker.examples.example import Example, Side
from reranker.examples.line import read_side, read_value


@dataclass(frozen=True, slots=True)
class Judged:
    """A document of a line. score: None where it has none that can be read."""

    field: str
    document: SideFacts
    score: float | None


@dataclass(frozen=True, slots=True)
class Row:
    """form: what is wrong with its form. group: it names positives and negatives. instruction, query, judged: what
    could be read. examples: those of a line whose form is right, beside `judged`."""

    line: int
    form: tuple[Finding, ...]
    group: bool = False
    instruction: InstructionFacts | None = None
    query: SideFacts | None = None
    judged: tuple[Judged, ...] = ()
    examples: tuple[Example, ...] = ()

    def faults(self) -> Iterator[Finding]:
        """What is wrong with it by itself."""
        yield from self.form
        if self.instruction is not None:
            for fault in self.instruction.faults:
                yield fault.at(self.line, "instruction")
        if self.query is not None:
            for fault in self.query.faults:
                yield fault.at(self.line, "query")
            if self.instruction is not None and self.instruction.near == self.query.near:
                yield Finding(INSTRUCTION_IS_QUERY, self.line, "the instruction is the query again", "instruction")
        for one in self.judged:
            if self.query is not None and self.query.near == one.document.near:
                yield Finding(QUERY_IS_DOCUMENT, self.line, "the document is the query again", one.field)
            for fault in one.document.faults:
                yield fault.at(self.line, one.field)


def read_row(text: str | Fault, line: int, sides: Sides) -> Row:
    """text: the line, or why there is none."""
    value = text if isinstance(text, Fault) else value_of(text)
    if isinstance(value, Fault):
        return Row(line, (value.at(line, ""),))
    found: tuple[Finding, ...] = ()
    try:
        examples = read_value(value, line)
    except InvalidInput:
        found = tuple(fault.at(line, field) for fault, field in form_faults(value))
        return _salvaged(value, line, found, sides)
    if has_repeated(value):
        found = tuple(fault.at(line, field) for fault, field in form_faults(value))
    first = examples[0]
    instruction = sides.instruction(first.instruction)
    query = sides.side(first.query, "query", code=instruction.code)
    code = instruction.code or query.code
    judged = tuple(
        Judged(field, sides.side(example.document, "document", code=code), example.score)
        for field, example in zip(_fields(value), examples, strict=True)
    )
    group = isinstance(value, dict) and "positive" in value
    return Row(line, found, group, instruction, query, judged, tuple(examples))


def _fields(value: object) -> list[str]:
    """The fields of a line's documents, in the order of its examples."""
    if not isinstance(value, dict) or "positive" not in value:
        return ["document"]
    counts = {
        name: len(value[name]) if isinstance(value[name], list) else 1
        for name in ("positive", "negatives")
        if name in value
    }
    return [f"{name}[{place}]" for name, count in counts.items() for place in range(count)]


def _salvaged(value: object, line: int, found: tuple[Finding, ...], sides: Sides) -> Row:
    """The parts of a line that is no example, so that what else is wrong with it comes to light at once."""
    if not isinstance(value, dict):
        return Row(line, found)
    written = value.get("instruction")
    instruction = sides.instruction(written) if isinstance(written, str) else None
    code = instruction is not None and instruction.code
    query = None
    if (read := _side(value.get("query"))) is not None:
        query = sides.side(read, "query", code=code)
        code = code or query.code
    parts = {"document": value.get("document")}
    for name in ("positive", "negatives"):
        listed = value.get(name)
        parts |= {f"{name}[{place}]": one for place, one in enumerate(listed if isinstance(listed, list) else [listed])}
    judged = tuple(
        Judged(field, sides.side(document, "document", code=code), None)
        for field, document in ((field, _side(part)) for field, part in parts.items())
        if document is not None
    )
    return Row(line, found, False, instruction, query, judged)


def _side(value: object) -> Side | None:
    try:
        return read_side(value, "")
    except InvalidInput:
        return None
