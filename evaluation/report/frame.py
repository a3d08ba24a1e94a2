"""A page that needs nothing but itself: its head, its look, its sections, tables and figures; written whole or not at
all. Knows nothing of what stands in it."""

from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path

from content.errors import InvalidInput
from evaluation.pages.grid import Grid
from evaluation.report.markup import safe
from indexer.files import replaced

_PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<link rel="icon" href="data:,">
<style>
{look}</style>
</head>
<body>
<main>
<header class="head"><p class="faint">Lychee Search · evaluation</p><h1>{title}</h1><p class="faint">{scope}</p>
<nav aria-label="Sections"><ul>{links}</ul></nav></header>
{sections}
</main>
</body>
</html>
"""


def write(path: Path, title: str, scope: str, sections: Mapping[str, str]) -> None:
    """As `page`. Raises InvalidInput where the file cannot be written."""
    written = page(title, scope, sections)
    try:
        with replaced(path) as temporary:
            temporary.write_text(written, "utf-8")
    except OSError as error:
        raise InvalidInput(f"{path} cannot be written: {error.strerror}", param="--report") from error


def page(title: str, scope: str, sections: Mapping[str, str]) -> str:
    """title: anybody's text. scope: a line below it. sections: our own titles, and HTML that is safe already."""
    return _PAGE.format(
        title=safe(title),
        look=files("evaluation.report").joinpath("look.css").read_text("utf-8"),
        scope=scope,
        links="".join(f'<li><a href="#{_anchor(name)}">{name}</a></li>' for name in sections),
        sections="\n".join(_section(name, inside) for name, inside in sections.items()),
    )


def figure(drawn: str, caption: str) -> str:
    return f"<figure>{drawn}<figcaption>{caption}</figcaption></figure>"


def wide(table: str, label: str) -> str:
    """A table that is scrolled to where it is wider than the page, by keys too. label: for those who cannot see it."""
    return f'<div class="wide" role="region" tabindex="0" aria-label="{label}">{table}</div>'


def table(grid: Grid) -> str:
    """A grid with its note below it."""
    head = "".join(f'<th scope="col">{safe(one)}</th>' if one else "<td></td>" for one in grid.headings)
    rows = "".join(f"<tr>{_row(row, grid.labels)}</tr>" for row in grid.rows)
    drawn = f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
    return f'{wide(drawn, safe(grid.title))}<p class="note">{safe(grid.note)}</p>'


def _row(cells: tuple[str, ...], labels: int) -> str:
    named = "".join(f'<th scope="row">{_cell(one)}</th>' for one in cells[:labels])
    return named + "".join(f"<td>{_cell(one)}</td>" for one in cells[labels:])


def _cell(cell: str) -> str:
    first, *rest = cell.split("\n")
    return safe(first) + "".join(f" <small>{safe(one)}</small>" for one in rest)


def _section(title: str, inside: str) -> str:
    name = _anchor(title)
    return f'<section id="{name}" aria-labelledby="{name}-title"><h2 id="{name}-title">{title}</h2>{inside}</section>'


def _anchor(title: str) -> str:
    return title.lower().replace(",", "").replace(" ", "-")
