"""What a check finds: where, what kind, why, and what to do about it. Knows no check."""

from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Kind:
    """One way in which examples are bad.

    code: short and stable, for scripts. severity: an error spoils training or figures, a warning may be meant. what:
    a title. remedy: what to do.
    """

    code: str
    severity: Severity
    what: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Finding:
    """line: from 1; 0: it is about the file as a whole. reason: one sentence. field: where in the line, if in one."""

    kind: Kind
    line: int
    reason: str
    field: str = ""


@dataclass(frozen=True, slots=True)
class Fault:
    """A finding that has no place yet: what is said of one text or picture, wherever it stands."""

    kind: Kind
    reason: str

    def at(self, line: int, field: str) -> Finding:
        return Finding(self.kind, line, self.reason, field)


def shown(text: str, limit: int = 60) -> str:
    """The beginning of a text as a reason shows it: on one line, in quotation marks."""
    start = " ".join(text[: 4 * limit].split())
    return f'"{start}"' if len(start) <= limit else f'"{start[: limit - 1]}…"'
