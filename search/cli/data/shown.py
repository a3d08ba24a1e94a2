"""Findings and fixes on a terminal and as JSON. Knows no file's contents."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from search.cli.output import one_line, plain_table, stdout

if TYPE_CHECKING:
    from reranker.examples.checks.report import Report
    from reranker.examples.fixing import Fixes

_COLOURS = {"error": "red", "warning": "yellow"}


def print_report(file: Path, report: "Report") -> None:
    """A summary by kind with counts and first lines, then the findings that were kept."""
    console = stdout()
    errors, warnings = report.count("error"), report.count("warning")
    if not errors + warnings:
        console.print(f"{_name(file)}: clean", style="green", markup=False, soft_wrap=True)
        return
    console.print(
        f"{_name(file)}: {_plural(errors, 'error')}, {_plural(warnings, 'warning')}", markup=False, soft_wrap=True
    )
    table = plain_table("Count", "Severity", "Kind", "What", "First lines", "Remedy", numbers=1)
    for kind, count, lines in report.by_kind():
        table.add_row(
            f"{count:,}", kind.severity, kind.code, _escaped(kind.what), _places(lines, count), _escaped(kind.remedy),
            style=_COLOURS[kind.severity],
        )  # fmt: skip
    console.print(table)
    if not report.findings:
        return
    console.print()
    details = plain_table("Line", "Kind", "Field", "Reason", numbers=1)
    for finding in report.findings:
        line = f"{finding.line:,}" if finding.line else "file"
        details.add_row(
            line, finding.kind.code, _escaped(one_line(finding.field, 30)), _escaped(one_line(finding.reason, 300))
        )
    console.print(details)
    if (more := errors + warnings - len(report.findings)) > 0:
        console.print(f"... and {more:,} more: --limit shows more of them, --json all", style="dim")


def print_fixes(file: Path, out: Path, fixes: "Fixes") -> None:
    console = stdout()
    told = f"{_plural(fixes.written, 'line')} written, {_plural(fixes.dropped, 'line')} left out"
    console.print(f"{_name(file)} -> {_name(out)}: {told}", markup=False, soft_wrap=True)
    for what, count in fixes.by_kind():
        console.print(f"  {count:>7,}  {what}", markup=False)


def as_object(file: Path, report: "Report", out: Path | None, fixes: "Fixes | None") -> dict[str, object]:
    """What `--json` says of one file."""
    told: dict[str, object] = {
        "file": str(file),
        "errors": report.count("error"),
        "warnings": report.count("warning"),
        "kinds": [
            {"kind": kind.code, "severity": kind.severity, "count": count, "first_lines": lines}
            for kind, count, lines in report.by_kind()
        ],
        "findings": [
            {
                "line": finding.line or None,
                "kind": finding.kind.code,
                "severity": finding.kind.severity,
                "field": finding.field or None,
                "reason": finding.reason,
                "remedy": finding.kind.remedy,
            }
            for finding in report.findings
        ],
    }
    if fixes is not None:
        told["fixed"] = {
            "file": str(out), "written": fixes.written, "dropped": fixes.dropped, "by_kind": dict(fixes.by_kind()),
        }  # fmt: skip
    return told


def _places(lines: Sequence[int], count: int) -> str:
    shown = ", ".join(f"{line:,}" if line else "file" for line in lines)
    return f"{shown}, ..." if count > len(lines) else shown


def _name(file: Path) -> str:
    return one_line(str(file))


def _plural(count: int, what: str) -> str:
    return f"{count:,} {what}" if count == 1 else f"{count:,} {what}s"


def _escaped(text: str) -> str:
    """Text that rich does not take for its own markup."""
    from rich.markup import escape

    return escape(text)
