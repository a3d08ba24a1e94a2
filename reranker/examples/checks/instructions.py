"""What is wrong with an instruction: identifiers, structures, placeholders, too little and too much. Knows it alone."""

import json
import re
from collections.abc import Iterator
from typing import Final

from reranker.examples.checks.finding import Fault, shown
from reranker.examples.checks.kinds import (
    IDENTIFIER,
    INSTRUCTION_LONG,
    INSTRUCTION_MISSING,
    INSTRUCTION_SHORT,
    PLACEHOLDER,
    PROMPT_HEADING,
    STRUCTURED_INSTRUCTION,
    STRUCTURED_TEXT,
)
from reranker.examples.checks.texts import SLOT, text_faults
from reranker.instructions import INSTRUCTIONS

_OTHERWISE: Final = (PLACEHOLDER, STRUCTURED_TEXT)  # of which more is asked in instructions
LEAST_WORDS: Final = 3
MOST_WORDS: Final = 300  # four parts of the longest template come to 100
_NAMED: Final = re.compile(r"\s*(?:task|instruction|prompt|type|name|id|intent|dataset)\s*[:=]\s*", re.IGNORECASE)
_IDENTIFIERS: Final = tuple(
    re.compile(pattern)
    for pattern in (
        r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}",
        r"[^\W_]+(?:[_\-./:#]+[^\W_]+)+",  # snake_case, kebab-case, dotted.names, task-12
        r"[a-z]+[0-9]*(?:[A-Z][a-z0-9]*)+",  # camelCase
        r"(?:[A-Z][a-z0-9]+){2,}[A-Z]?",  # PascalCase
        r"[A-Za-z]*\d+[A-Za-z0-9]*",  # T12, 12, v2, a hash
        r"(?:[Tt]ask|[Pp]rompt|[Ii]nstruction|[Tt]emplate|[Ii]ntent|[Dd]ataset|[Cc]lass|[Tt]ype|ID|id)\s*[#:]?\s*\d+",
    )
)
_XML: Final = re.compile(r"<(\w+)[^<>]*>.*</\1>", re.DOTALL)
_YAML: Final = re.compile(r"(?:---\s*|\s*(?:- )?[A-Za-z_][\w-]*:(?:\s+\S+){0,3}\s*)")
_PREFIX: Final = re.compile(r"\s*(?:instruct|instruction)\s*[:：]", re.IGNORECASE)
_CHINESE: Final = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


def instruction_faults(instruction: str) -> Iterator[Fault]:
    """ "" and blanks: it is missing. A name of `INSTRUCTIONS` is as good as its text."""
    text = instruction.strip()
    if not text:
        yield Fault(INSTRUCTION_MISSING, "there is no instruction, so the default for its kind of query is trained")
        return
    if text in INSTRUCTIONS:
        return
    yield from (fault for fault in text_faults(instruction, code=False) if fault.kind not in _OTHERWISE)
    if _is_structured(text):
        yield Fault(STRUCTURED_INSTRUCTION, f"the instruction is a structure, not a sentence: {shown(text)}")
    elif _is_identifier(text):
        yield Fault(IDENTIFIER, f"{shown(text)} is a name; the judge does not know what it stands for")
    elif (
        (found := SLOT.search(text)) is not None and not _PREFIX.match(text) and not text[found.end() :].startswith(":")
    ):
        yield Fault(PLACEHOLDER, f"{shown(found[0])} in the instruction was not filled in")
    else:
        yield from _length(text)
    if _PREFIX.match(text):
        yield Fault(PROMPT_HEADING, f"the instruction begins with {shown(text[:12])}, which the prompt adds by itself")


def _length(text: str) -> Iterator[Fault]:
    words = len(_CHINESE.sub(" ", text).split()) + len(_CHINESE.findall(text)) / 2
    if words < LEAST_WORDS:
        yield Fault(INSTRUCTION_SHORT, f"{shown(text)} does not say what is wanted")
    elif words > MOST_WORDS:
        yield Fault(INSTRUCTION_LONG, f"the instruction has about {words:.0f} words")


def _is_identifier(text: str) -> bool:
    name = _NAMED.sub("", text, count=1) if _NAMED.match(text) else text
    return len(name) <= 200 and not _CHINESE.search(name) and any(each.fullmatch(name) for each in _IDENTIFIERS)


def _is_structured(text: str) -> bool:
    if text[0] in "{[":
        try:
            return isinstance(json.loads(text), dict | list)
        except (ValueError, RecursionError):
            return text.startswith('{"')
    if _XML.fullmatch(text):
        return True
    lines = text.splitlines()
    return len(lines) >= 2 and all(_YAML.fullmatch(line) for line in lines if line.strip())
