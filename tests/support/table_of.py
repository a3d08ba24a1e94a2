"""The rows of an HTML table as a reader sees them."""

from html.parser import HTMLParser


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self._in_cell = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "tr":
            self.rows.append([])
        elif tag == "td":
            self._in_cell = True
            self.rows[-1].append("")

    def handle_endtag(self, tag: str) -> None:
        if tag == "td":
            self._in_cell = False

    def handle_data(self, data: str) -> None:
        if self._in_cell:
            self.rows[-1][-1] += f"{data} "


def table_of(html: str) -> list[list[str]]:
    """The text of each cell of each row that has any."""
    reader = _Reader()
    reader.feed(html)
    return [[" ".join(cell.split()) for cell in row] for row in reader.rows if row]
