"""Rows of pictures, where a reader expects them."""

from PIL import Image

from evaluation.pages.picture_sheet import GAP, TILE, Strip, Tile, draw


def test_a_sheet_is_as_wide_as_its_longest_row_and_leaves_the_place_of_a_missing_picture_empty():
    red = Image.new("RGB", (10, 10), "red")
    sheet = draw([Strip("one", (Tile(red, "a"),)), Strip("two", (Tile(None, "b"), Tile(red, "c")))])
    assert sheet.width == GAP + 2 * (TILE + GAP)
    assert sheet.getpixel((GAP + 20, GAP + 26 + 20)) == (255, 0, 0)
    assert sheet.getpixel((GAP + 20, GAP + 26 + 2 * 26 + TILE + GAP + 20)) == (255, 255, 255)
