"""Draws what both stages answer to one query, one row each, for README and docs. Computes no figure of its own.

python -m evaluation.two_stages "two red striped mugs next to a blue bag" docs/images/two-stages.png
"""

from pathlib import Path
from typing import Annotated

import typer
from PIL import Image, ImageDraw, ImageFont

from content import Content
from search import SearchEngine
from search.answer import Hit

TILE = 208  # pixels, the side of a picture
GAP = 16
LABEL = 26
COLUMNS = 5
INK, FAINT, PAPER, ACCENT = "#1d1d1f", "#6e6e73", "#ffffff", "#c8102e"


def main(
    query: Annotated[str, typer.Argument(help="What is searched for.")],
    output: Annotated[Path, typer.Argument(help="The PNG to write.")],
    collection: Annotated[Path, typer.Option(help="The collection to search.")] = Path("collections/demo"),
) -> None:
    """Draw the first five pictures of stage 1 above the first five of stage 2."""
    with SearchEngine.open(collection) as engine:
        hits = engine.search(query, target="image", top_k=100).hits
        by_stage1 = sorted(hits, key=lambda hit: hit.retrieval.rank)[:COLUMNS]
        rows = [("Stage 1 recalls", by_stage1), ("Stage 2 reads and decides", list(hits[:COLUMNS]))]
        sheet = draw(query, rows, engine)
    output.parent.mkdir(parents=True, exist_ok=True)
    sheet.save(output, optimize=True)


def draw(query: str, rows: list[tuple[str, list[Hit]]], engine: SearchEngine) -> Image.Image:
    """Rows of pictures under their headings; stage 2's first hit is framed in both rows."""
    width = GAP + COLUMNS * (TILE + GAP)
    row_height = 2 * LABEL + TILE + GAP
    sheet = Image.new("RGB", (width, 3 * GAP + LABEL + len(rows) * row_height), PAPER)
    pen = ImageDraw.Draw(sheet)
    pen.text((GAP, GAP), f"“{query}”", INK, ImageFont.load_default(22))
    best = rows[-1][1][0].id
    for number, (heading, hits) in enumerate(rows):
        top = 2 * GAP + LABEL + number * row_height
        pen.text((GAP, top), heading, FAINT, ImageFont.load_default(17))
        for column, hit in enumerate(hits):
            _tile(sheet, pen, (GAP + column * (TILE + GAP), top + LABEL), hit, engine, framed=hit.id == best)
    return sheet


def _tile(
    sheet: Image.Image, pen: ImageDraw.ImageDraw, at: tuple[int, int], hit: Hit, engine: SearchEngine, *, framed: bool
) -> None:
    left, top = at
    document = engine.collection.documents([hit.id])[0]
    if isinstance(document, Content) and document.image is not None:
        sheet.paste(document.image.resize((TILE, TILE), Image.Resampling.LANCZOS), at)
    if framed:
        pen.rectangle((left - 3, top - 3, left + TILE + 2, top + TILE + 2), outline=ACCENT, width=4)
    caption = f"stage 1: {hit.retrieval.rank}.   P(yes) = {hit.score:.2f}"
    pen.text((left, top + TILE + 4), caption, ACCENT if framed else INK, ImageFont.load_default(15))


if __name__ == "__main__":
    typer.run(main)
