"""The command line with toys in the place of the models, in a working folder of its own."""

from pathlib import Path

import pytest
from PIL import Image
from support.table_reranker import TableReranker
from support.toy_encoder import ToyEncoder

import search.assembly
from content.errors import ModelError
from search.cli.main import run

TABLE = {"red mug": 0.2, "red": 0.9, "blue bag": 0.1}


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch) -> Path:
    """The working folder: two pictures, three texts and one file that is no picture; models are toys."""
    monkeypatch.chdir(tmp_path)
    things = tmp_path / "things"
    things.mkdir()
    for name, colour in {"red": (255, 0, 0), "blue": (0, 0, 255)}.items():
        Image.new("RGB", (8, 8), colour).save(things / f"{name}.png")
    for name, text in {"mug": "red mug", "word": "red", "bag": "blue bag"}.items():
        (things / f"{name}.txt").write_text(text)
    (things / "broken.jpg").write_text("this is no picture")
    monkeypatch.setattr(search.assembly, "load_encoder", toy_encoder)
    monkeypatch.setattr(search.assembly, "load_reranker", toy_reranker)
    return tmp_path


def toy_encoder(settings) -> ToyEncoder:
    sizes = {"demo": 16, "toy-16": 16, "toy-8": 8}
    if settings.encoder not in sizes:
        raise ModelError(f"there is no model {settings.encoder}")
    return ToyEncoder(sizes[settings.encoder])


def toy_reranker(settings, **_) -> TableReranker | None:
    return None if settings.reranker == "none" else TableReranker(TABLE, picture=0.4)


@pytest.fixture
def lychee(capsys):
    """Runs a command and gives its exit code, stdout and stderr."""

    def lychee(*arguments: str) -> tuple[int, str, str]:
        code = run(arguments)
        out, err = capsys.readouterr()
        return code, out, err

    return lychee


@pytest.fixture
def indexed(lychee) -> None:
    assert lychee("index", "things", "--collection", "toys")[0] == 0
