"""Imports go one way, each heavy library has one owner, and names can be had without paying for torch (DESIGN.md)."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

MAY_IMPORT = {
    "content": set(),
    "measures": {"content"},
    "clients": set(),
    "indexer": {"content"},
    "retriever": {"content", "indexer"},
    "reranker": {"content", "measures"},
    "search": {"content", "indexer", "retriever", "reranker"},
    "api": {"content", "indexer", "retriever", "reranker", "search"},
    "demo": {"content", "indexer", "reranker"},
    "evaluation": {"content", "measures", "indexer", "retriever", "reranker", "search", "demo"},
}

# Library -> the files or folders that may import it.
OWNERS = {
    "faiss": ("indexer/vectors/", "evaluation/bench/recall"),
    "open_clip": ("indexer/encoder.py", "indexer/encoder_names.py", "demo/", "evaluation/"),
    "transformers": ("reranker/", "demo/", "evaluation/bench/"),
    "peft": ("reranker/training/", "reranker/adapter.py"),
    "accelerate": ("reranker/training/",),
    "tensorboard": ("reranker/training/",),
    "matplotlib": ("reranker/training/", "evaluation/"),
    "ir_measures": ("measures/",),
    "krippendorff": ("measures/",),
    "mteb": ("evaluation/mteb_models/",),
    "sentence_transformers": ("evaluation/bench/cross_encoder.py",),
    "qwen_vl_utils": ("reranker/",),
    "sqlite3": ("indexer/", "reranker/blob_connection.py", "reranker/blob_file.py", "evaluation/scores/"),
    "pypdfium2": ("indexer/sources/",),
    "rapidocr": ("indexer/ocr/",),
    "onnxruntime": ("indexer/ocr/",),
    "pillow_heif": ("content/images.py",),
    "httpcore": ("content/fetching/",),
    "fastapi": ("api/",),
    "starlette": ("api/",),
    "uvicorn": ("api/",),
    "prometheus_client": ("api/watching/",),
    "opentelemetry": ("api/watching/traces.py",),
    "gradio": ("api/",),
    "pydantic": ("api/", "search/settings.py", "search/load_settings.py"),
    "pydantic_settings": ("search/settings.py",),
    "limits": ("api/guards/rates.py",),
    "langchain_core": ("clients/langchain",),
    "llama_index": ("clients/llama_",),
    "haystack": ("clients/haystack",),
    "typer": ("search/cli/", "api/cli.py", "api/guards/cli.py", "evaluation/"),
    "rich": ("search/cli/", "api/cli.py", "evaluation/", "demo/"),
}

FILES = sorted(path for room in MAY_IMPORT for path in (ROOT / room).rglob("*.py"))


def imported_names(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively; rooms are named in full"
            yield node.module or ""


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", FILES, ids=relative)
def test_a_room_imports_only_the_rooms_below_it(path: Path):
    room = path.relative_to(ROOT).parts[0]
    used = {name.partition(".")[0] for name in imported_names(path)} & set(MAY_IMPORT)
    assert used <= MAY_IMPORT[room] | {room}


@pytest.mark.parametrize("path", FILES, ids=relative)
def test_a_heavy_library_is_imported_by_its_owner_only(path: Path):
    used = {name.partition(".")[0] for name in imported_names(path)}
    strangers = {lib for lib in used & set(OWNERS) if not relative(path).startswith(OWNERS[lib])}
    assert not strangers


def test_pictures_are_opened_in_one_file_only():
    calls = {
        relative(path)
        for path in FILES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func) in {"Image.open", "PIL.Image.open", "PlainJpeg"}
    }
    plugins = {relative(path) for path in FILES if any("ImagePlugin" in name for name in imported_names(path))}
    assert calls == {"content/images.py"}
    assert plugins == {"content/plain_jpeg.py"}


def test_only_the_assembly_chooses_implementations():
    choices = (
        "OpenClipEncoder.from_pretrained",
        "RapidReader.load",
        "LycheeReranker.from_pretrained",
        "GenerativeReranker.from_pretrained",
    )
    files = {
        relative(path)
        for path in FILES
        if path.is_relative_to(ROOT / "search") or path.is_relative_to(ROOT / "api")
        if any(choice in path.read_text(encoding="utf-8") for choice in choices)
    }
    assert files == {"search/assembly.py"}


CHEAP = [
    (
        "import content, indexer, retriever, reranker, search, api, evaluation, demo",
        "torch transformers faiss open_clip",
    ),
    ("from reranker import INSTRUCTIONS", "torch transformers"),
    ("from reranker.prompt import MAX_TOKENS", "torch transformers"),
    ("from reranker.templates import templates", "torch transformers"),
    ("from search.settings import Settings", "torch transformers faiss open_clip fastapi"),
]


@pytest.mark.parametrize(("statement", "libraries"), CHEAP)
def test_names_can_be_had_without_heavy_libraries(statement: str, libraries: str):
    code = f"{statement}\nimport sys\nprint([lib for lib in {libraries.split()!r} if lib in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "[]"
