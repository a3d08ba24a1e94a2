"""A table of texts in Markdown."""

from evaluation.pages.grid import Grid, markdown


def test_markdown_keeps_a_cell_in_one_line_and_a_bar_in_its_cell():
    grid = Grid("title", "note", ("pair", "x"), (("a|b", "0.5\n0.4-0.6"),), labels=1)
    assert markdown(grid) == "| pair | x |\n| --- | --: |\n| a\\|b | 0.5<br>0.4-0.6 |\n"
