"""The examples of docs/frameworks.md, run in their order against a server with the demo models, print what is shown."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from support.near_duplicates import draw

from clients import Item, LycheeClient
from search.assembly import load_service

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "frameworks.md").read_text("utf-8")
BLOCKS = re.findall(r"```(python|text)\n(.*?)```", PAGE, re.DOTALL)
URL_OF_THE_PAGE = "http://127.0.0.1:7860"


@pytest.fixture
def demo(serve, tmp_path) -> str:
    """A server with the demo models and four items of the demo catalogue, the README's one among them."""
    url = serve(load_service, collection="demo", device="cpu")
    draw(tmp_path)
    folder = tmp_path / "catalogue"
    rows = [json.loads(line) for line in (folder / "items.jsonl").read_text("utf-8").splitlines()]
    columns = {"id", "image", "text"}
    items = [
        Item(row["id"], image=(folder / row["image"]).read_bytes(), metadata={k: row[k] for k in set(row) - columns})
        for row in rows
        if "image" in row
    ]
    with LycheeClient(url) as client:
        client.create("demo")
        client.upsert("demo", items)
    return url


@pytest.mark.slow
def test_the_examples_print_what_the_page_shows(demo, capsys):
    names: dict[str, object] = {}
    shown = []
    for language, text in BLOCKS:
        if language == "python":
            exec(compile(text.replace(URL_OF_THE_PAGE, demo), "docs/frameworks.md", "exec"), names)
        else:
            shown.append(text)
            assert capsys.readouterr().out == text
    assert len(shown) == 9
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("module", "library", "extra"),
    [
        ("langchain", "langchain_core", "langchain"),
        ("llama_index", "llama_index.core", "llama-index"),
        ("haystack", "haystack", "haystack"),
    ],
)
def test_a_missing_framework_is_named_with_its_extra(module, library, extra):
    code = f"import sys; sys.modules[{library!r}] = None; import clients.{module}"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert f"pip install 'lychee-search[{extra}]'" in done.stderr.splitlines()[-1]
    assert f"'lychee-search[{extra}]'" in PAGE or f"[{extra}]" in PAGE


def test_the_client_needs_httpx_only():
    code = "import sys, clients; print(*sorted({name.partition('.')[0] for name in sys.modules}))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    loaded = set(done.stdout.split())
    assert "httpx" in loaded
    assert not loaded & {"torch", "numpy", "PIL", "pydantic", "fastapi", "content", "search", "api"}
