"""docs/dialects.md names every error that comes before a body is read."""

from pathlib import Path

PAGE = Path(__file__).parents[3] / "docs" / "dialects.md"


def test_errors_before_the_body_are_named():
    told = PAGE.read_text().partition("An error before the body could be")[2].partition(")")[0]
    assert "401" in told
    assert "429" in told
