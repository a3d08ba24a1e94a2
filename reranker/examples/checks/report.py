"""Findings counted by kind, of which a few are kept. Knows no file and no terminal."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from reranker.examples.checks.finding import Finding, Kind, Severity

_FIRST = 5


@dataclass(slots=True)
class Report:
    """kept: how many findings are kept, the first ones; -1: all."""

    kept: int = -1
    findings: list[Finding] = field(default_factory=list)
    _counts: Counter[Kind] = field(default_factory=Counter)
    _lines: dict[Kind, list[int]] = field(default_factory=dict)

    def add(self, finding: Finding) -> None:
        self._counts[finding.kind] += 1
        first = self._lines.setdefault(finding.kind, [])
        if len(first) < _FIRST and finding.line not in first:
            first.append(finding.line)
        if not 0 <= self.kept <= len(self.findings):
            self.findings.append(finding)

    def count(self, severity: Severity) -> int:
        return sum(count for kind, count in self._counts.items() if kind.severity == severity)

    def by_kind(self) -> Sequence[tuple[Kind, int, Sequence[int]]]:
        """Each kind that was found, how often, and its first lines: errors first, then what is most frequent."""
        order = sorted(self._counts.items(), key=lambda item: (item[0].severity, -item[1], item[0].code))
        return [(kind, count, self._lines[kind]) for kind, count in order]
