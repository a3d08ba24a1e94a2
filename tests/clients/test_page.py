"""docs/compatibility.md says what this run found and did; by its name it runs after all others here."""

from pathlib import Path

import pytest
from support.compatibility import refreshed, row_of, table
from support.pointing import lines

HERE = Path(__file__).parent
PAGE = HERE.parents[1] / "docs" / "compatibility.md"
REWRITE = ".venv/bin/pytest tests/clients --write-compatibility"
LIBRARIES = ("cohere", "openai", "langchain", "llama_index", "haystack", "mteb", "gradio_client", "mcp")


def hold(request: pytest.FixtureRequest, part: str, made: str) -> None:
    page = PAGE.read_text("utf-8")
    if request.config.getoption("--write-compatibility", default=False):
        PAGE.write_text(refreshed(page, part, made), "utf-8")
    else:
        assert refreshed(page, part, made) == page, f"{REWRITE} rewrites the page"


def test_the_table_is_what_this_run_found(request, outcomes):
    """Only a run of all clients says something of all: ./test.sh installs them."""
    marked = [item for item in request.session.items if row_of(item)]
    missing = {HERE / f"test_{name}.py" for name in (*LIBRARIES, "curl", "other_programs")} - {
        item.path for item in marked
    }
    if missing or {row_of(item) for item in marked} != set(outcomes):
        pytest.skip("only some of the clients ran")
    hold(request, "table", table(outcomes))


def test_the_lines_are_those_with_which_the_tests_point_their_clients(request):
    shown = [line for name in LIBRARIES for line in (*lines(HERE / f"test_{name}.py"), "")]
    hold(request, "lines", "```python\n" + "\n".join(shown).strip() + "\n```")
