"""Tables fit a plain terminal and show the figures."""

from dataclasses import replace
from io import StringIO

from rich.console import Console
from support.evaluation_rows import ALL, rows

from demo.catalogue.family import KINDS
from evaluation.pages.grid import terminal
from evaluation.pages.report import grids


def test_every_table_of_every_row_fits_80_columns():
    out, notes = StringIO(), set()
    for grid in grids(rows(ALL), 50):
        notes.add(grid.note)
        assert all(len(line) == len(grid.headings) for line in grid.rows)
        Console(file=out, width=200).print(terminal(grid))
    lines = [line.rstrip() for line in out.getvalue().splitlines() if line.strip() not in notes]  # notes wrap
    assert 70 < max(map(len, lines)) <= 80
    assert out.getvalue().count("0.750") >= 22
    assert "swap" in out.getvalue()
    assert not any(kind in out.getvalue() for kind in KINDS if kind != "swap")


def test_tables_that_have_no_figures_are_left_out():
    plain = replace(ALL[0], verdicts=(), foreign=())
    titles = [grid.title for grid in grids(rows([plain]), 50)]
    assert "Calibration of P(yes)" not in titles
    assert "Order of the first 50 candidates" in titles
