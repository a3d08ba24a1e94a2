"""A table of texts in Markdown and in a terminal."""

from rich.console import Console

from evaluation.pages.grid import Grid, markdown, terminal


def test_markdown_keeps_a_cell_in_one_line_and_a_bar_in_its_cell():
    grid = Grid("title", "note", ("pair", "x"), (("a|b", "0.5\n0.4-0.6"),), labels=1)
    assert markdown(grid) == "| pair | x |\n| --- | --: |\n| a\\|b | 0.5<br>0.4-0.6 |\n"


def test_a_note_that_is_wider_than_its_table_is_not_broken_in_a_terminal():
    console = Console(width=80)
    note = "means over 20 queries, with their 95 % intervals"
    with console.capture() as shown:
        console.print(terminal(Grid("title", note, ("pair", "x"), (("a", "0.5"),), labels=1)))
    assert note in shown.get()
