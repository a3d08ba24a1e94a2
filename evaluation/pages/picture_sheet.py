"""Rows of pictures under their headings, as one picture. Knows nothing of searches; words in it are Latin only, since
Pillow's own font has no other letters."""

from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image, ImageDraw, ImageFont

TILE = 208  # pixels, the side of a picture
GAP = 16
LABEL = 26
INK, FAINT, PAPER, ACCENT = "#1d1d1f", "#6e6e73", "#ffffff", "#c8102e"


@dataclass(frozen=True, slots=True)
class Tile:
    """picture: None leaves its place empty. caption: one short line below it."""

    picture: Image.Image | None
    caption: str
    framed: bool = False


@dataclass(frozen=True, slots=True)
class Strip:
    """One row."""

    heading: str
    tiles: tuple[Tile, ...]


def draw(strips: Sequence[Strip], title: str | None = None) -> Image.Image:
    """RGB, as wide as the longest strip."""
    columns = max(len(strip.tiles) for strip in strips)
    head = GAP if title is None else 2 * GAP + LABEL
    row_height = 2 * LABEL + TILE + GAP
    sheet = Image.new("RGB", (GAP + columns * (TILE + GAP), head + GAP + len(strips) * row_height), PAPER)
    pen = ImageDraw.Draw(sheet)
    if title is not None:
        pen.text((GAP, GAP), title, INK, ImageFont.load_default(22))
    for number, strip in enumerate(strips):
        top = head + number * row_height
        pen.text((GAP, top), strip.heading, FAINT, ImageFont.load_default(17))
        for column, tile in enumerate(strip.tiles):
            _place(sheet, pen, (GAP + column * (TILE + GAP), top + LABEL), tile)
    return sheet


def _place(sheet: Image.Image, pen: ImageDraw.ImageDraw, at: tuple[int, int], tile: Tile) -> None:
    left, top = at
    if tile.picture is not None:
        sheet.paste(tile.picture.resize((TILE, TILE), Image.Resampling.LANCZOS), at)
    if tile.framed:
        pen.rectangle((left - 3, top - 3, left + TILE + 2, top + TILE + 2), outline=ACCENT, width=4)
    pen.text((left, top + TILE + 4), tile.caption, ACCENT if tile.framed else INK, ImageFont.load_default(15))
