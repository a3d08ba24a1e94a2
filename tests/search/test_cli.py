"""`lychee` from the command line to its exit code, with toys in the place of the models."""

import json
import os
import signal
import subprocess
import sys
import time
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest
import typer
from PIL import Image
from support.table_reranker import TableReranker
from support.toy_encoder import ToyEncoder

import search.assembly
from content.errors import ModelError
from search.cli.added import add_command
from search.cli.failures import exit_code_of
from search.cli.main import make_app, run

ROOT = Path(__file__).parents[2]
SLOW_PROGRAM = """
import sys, time, typer
import search.cli.main as program
from search.worker import DeviceWorker

app = typer.Typer()

@app.command()
def slow():
    print("working", flush=True)
    DeviceWorker().run(lambda: time.sleep(30))

program.make_app = lambda: app
sys.argv = ["lychee"]
program.main()
"""
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


def toy_reranker(settings) -> TableReranker | None:
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


def one_error_line(err: str) -> str:
    (line,) = err.splitlines()
    assert line.startswith("error: ")
    return line


def test_index_tells_what_it_did_and_lists_what_it_refused(lychee):
    code, out, err = lychee("index", "things", "--collection", "toys")

    assert code == 0
    assert "5 indexed, 0 unchanged, 1 refused" in out
    assert "the collection toys has 5 items" in out
    assert "refused broken.jpg" in err

    again = lychee("index", "things", "--collection", "toys")
    assert again[0] == 0
    assert "0 indexed, 5 unchanged, 1 refused" in again[1]


def test_index_as_json_is_json_and_nothing_else(lychee):
    code, out, _ = lychee("index", "things", "--collection", "toys", "--json", "--batch-size", "2", "--workers", "1")

    report = json.loads(out)
    assert code == 0
    assert (report["collection"], report["encoder"], report["items"]) == ("toys", "toy-16", 5)
    assert (report["indexed"], report["unchanged"]) == (5, 0)
    (refused,) = report["refused"]
    assert refused["origin"] == "broken.jpg"
    assert refused["reason"]


def test_index_of_nothing_usable_leaves_with_1_and_without_a_collection(lychee, folder):
    (folder / "bad").mkdir()
    (folder / "bad" / "torn.jpg").write_text("this is no picture")

    code, out, err = lychee("index", "bad", "--collection", "bad")

    assert code == 1
    assert "0 indexed, 0 unchanged, 1 refused" in out
    assert "refused torn.jpg" in err
    assert "nothing in bad could be indexed: every file or row was refused; no collection was made" in err
    assert not (folder / "collections" / "bad").exists()


def test_index_of_an_empty_folder_says_so_and_harms_no_collection(lychee, indexed, folder):
    (folder / "empty").mkdir()

    code, _, err = lychee("index", "empty", "--collection", "toys")

    assert code == 1
    assert "nothing in empty could be indexed: it holds no picture, text, PDF or row; the collection stays" in err
    assert lychee("search", "red", "--collection", "toys")[0] == 0


def test_index_refuses_a_collection_of_another_encoder_naming_both(lychee, indexed):
    code, _, err = lychee("index", "things", "--collection", "toys", "--encoder", "toy-8")

    assert code == 2
    assert "toy-16" in one_error_line(err)
    assert "toy-8" in err
    assert lychee("search", "red", "--collection", "toys")[0] == 0


def test_a_collection_keeps_its_encoder_where_none_is_named(lychee):
    assert lychee("index", "things", "--collection", "small", "--encoder", "toy-8")[0] == 0

    assert lychee("index", "things", "--collection", "small")[0] == 0
    assert lychee("search", "red", "--collection", "small")[0] == 0
    code, _, err = lychee("search", "red", "--collection", "small", "--encoder", "toy-16")
    assert (code, "toy-8" in err) == (2, True)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["index", "missing"], "missing"),
        (["index", "things", "--collection", "../toys"], "no name for a collection"),
        (["index", "things", "--encoder", "unheard-of"], "there is no model unheard-of"),
        (["search", "red", "--collection", "missing"], "no collection in collections/missing"),
        (["search", "--collection", "toys"], "give a text"),
        (["search", "", "--collection", "toys"], "the query is empty"),
        (["search", "red", "--device", "gpu"], "--device is 'gpu'"),
        (["search", "--image", "missing.png", "--collection", "toys"], "missing.png"),
        (["search", "--image", "things/broken.jpg", "--collection", "toys"], "picture"),
        (["search", "red", "--collection", "toys", "--no-rerank", "--threshold", "0.5"], "stage 2 is switched off"),
        (["search", "red", "--config", "missing.toml"], "missing.toml does not exist"),
        (["rerank", "red"], "nothing to judge"),
        (["rerank", "", "red"], "the query is empty"),
        (["rerank", "red", "a", "--json", "--markdown"], "choose one"),
        (["rerank", "red", "a", "--reranker", "none"], "switched off"),
        (["rerank", "red", "--input", "missing.jsonl"], "there is no file missing.jsonl"),
    ],
)
def test_bad_input_ends_in_one_line_and_2(lychee, indexed, arguments, message):
    code, out, err = lychee(*arguments)

    assert (code, out) == (2, "")
    assert message in one_error_line(err)


def test_a_setting_that_nobody_knows_ends_in_one_line_and_2(lychee, folder):
    (folder / "lychee.toml").write_text("candidats = 5")
    code, _, err = lychee("search", "red")
    assert (code, "did you mean candidates?" in one_error_line(err)) == (2, True)


@pytest.mark.parametrize("arguments", [["search", "--nonsense"], ["nonsense"], ["search", "red", "--candidates", "0"]])
def test_wrong_usage_leaves_with_2(lychee, arguments):
    code, out, err = lychee(*arguments)
    assert (code, out) == (2, "")
    assert "lychee" in err


def test_search_shows_both_ranks_score_id_and_channel(lychee, indexed):
    code, out, _ = lychee("search", "red", "--collection", "toys", "--target", "text")

    rows = [line.split() for line in out.splitlines()]
    assert code == 0
    assert rows[0][:5] == ["#", "#", "stage", "1", "P(yes)"]
    assert rows[1][:4] == ["1", "1", "0.9000", "word.txt"]
    assert rows[2][:4] == ["2", "2", "0.2000", "mug.txt"]
    assert "text → text 1" in out


def test_search_as_json_has_every_field_of_the_answer(lychee, indexed):
    code, out, _ = lychee("search", "red", "--collection", "toys", "--json", "--top-k", "2")

    answer = json.loads(out)
    assert (code, answer["reranked"], answer["model"]) == (0, True, "table")
    assert [(hit["id"], hit["score"]) for hit in answer["hits"]] == [("word.txt", 0.9), ("red.png", 0.4)]
    assert answer["hits"][1]["retrieval"]["channels"][0]["channel"] == "image"
    assert set(answer["timings_ms"]) == {"encode", "recall", "rerank", "total"}


def test_search_with_a_picture(lychee, indexed):
    _, out, _ = lychee(
        "search", "--image", "things/blue.png", "--collection", "toys", "--target", "image", "--no-rerank", "--json"
    )
    assert json.loads(out)["hits"][0]["id"] == "blue.png"


def test_search_takes_candidates_from_the_settings(lychee, indexed, folder):
    (folder / "lychee.toml").write_text('candidates = 2\ncollection = "toys"')
    assert len(json.loads(lychee("search", "red", "--json")[1])["hits"]) == 2
    assert len(json.loads(lychee("search", "red", "--json", "--candidates", "1")[1])["hits"]) == 1


def test_search_steers_no_terminal(lychee, folder):
    (folder / "things" / "evil.txt").write_text("red \x1b[31m[bold]mug[/bold]")
    lychee("index", "things", "--collection", "toys")

    _, out, _ = lychee("search", "red", "--collection", "toys", "--target", "text")

    assert "\x1b" not in out
    assert "[bold]mug[/bold]" in out


def test_rerank_orders_texts_and_pictures(lychee):
    code, out, _ = lychee("rerank", "red", "blue bag", "red", "--document-image", "things/red.png", "--json")

    results = json.loads(out)["results"]
    assert code == 0
    assert [(each["rank"], each["index"], each["score"]) for each in results] == [(1, 1, 0.9), (2, 2, 0.4), (3, 0, 0.1)]
    assert results[0]["text"] == "red"
    assert results[1]["image"].endswith("things/red.png")


def test_rerank_shows_a_table_or_markdown(lychee):
    _, table, _ = lychee("rerank", "red", "blue bag", "red")
    assert [line.split() for line in table.splitlines()][1] == ["1", "0.9000", "1", "red"]

    _, markdown, _ = lychee("rerank", "red", "blue | bag", "red", "--markdown", "--top-k", "2")
    assert markdown.splitlines() == [
        "| Rank | Score | Index | Document |",
        "| ---: | ---: | ---: | :--- |",
        "| 1 | 0.9000 | 1 | red |",
        "| 2 | 0.5000 | 0 | blue \\| bag |",
    ]


def test_rerank_reads_jsonl_and_a_bad_line_fails_alone(lychee, folder):
    lines = [
        '{"text": "red mug"}',
        '"red"',
        "",
        '{"image": "things/blue.png"}',
        '{"text": "red", "image": "things/missing.png"}',
        '{"image": "../outside.png"}',
        '{"image": "data:text/plain,hello"}',
        '{"txt": "red"}',
        '{"text": 5}',
        "{no json",
        "[" * 100_000,
        '{"text": "half \\ud800"}',
        "{}",
    ]
    (folder / "documents.jsonl").write_text("\n".join(lines))

    code, out, _ = lychee("rerank", "red", "--input", "documents.jsonl", "--json")

    results = json.loads(out)["results"]
    assert code == 0
    assert [(each["index"], each["score"]) for each in results[:3]] == [(1, 0.9), (2, 0.4), (0, 0.2)]
    errors = {each["index"]: each["error"] for each in results[3:]}
    assert len(errors) == 9, errors
    assert all(errors.values())
    assert "line 8" in errors[6]
    assert "line 10" in errors[8]


def test_rerank_of_nothing_readable_leaves_with_1(lychee):
    code, out, _ = lychee("rerank", "red", "--document-image", "missing.png", "--json")
    assert code == 1
    assert "there is no file" in json.loads(out)["results"][0]["error"]


@pytest.mark.parametrize("command", ["index", "search", "rerank", "serve", "evaluate"])
def test_every_command_explains_itself_with_an_example(lychee, command):
    code, out, _ = lychee(command, "--help")
    if command == "evaluate":
        code, out, _ = lychee(command, "demo", "--help")
    assert code == 0
    assert f"lychee {command}" in out.split("Example")[1]


def test_help_names_every_command_and_version_its_number(lychee):
    _, out, _ = lychee("--help")
    assert all(name in out for name in ["index", "search", "rerank", "serve", "evaluate"])
    assert lychee("--version")[1].startswith("lychee-search 0.")


def test_a_command_that_cannot_be_imported_says_why_and_harms_no_other(capsys):
    app = make_app()
    add_command(app, EntryPoint("lost", "no_such_module:app", "lychee.commands"))

    code = exit_code_of(lambda: app(["lost", "--any", "thing"]))

    assert code == 2
    assert "lost is not available" in capsys.readouterr().err
    assert exit_code_of(lambda: app(["rerank", "red", "red", "--json"])) == 0
    assert exit_code_of(lambda: app(["--help"])) == 0
    assert "lost" in capsys.readouterr().out


def test_an_added_command_may_be_a_function_or_an_app(capsys, monkeypatch):
    def greet(name: str) -> None:
        typer.echo(f"hello {name}")

    group = typer.Typer()
    group.command("one")(greet)
    group.command("two")(greet)
    monkeypatch.setattr("search.markdown.greet", greet, raising=False)
    monkeypatch.setattr("search.markdown.group", group, raising=False)
    app = make_app()
    add_command(app, EntryPoint("function", "search.markdown:greet", "lychee.commands"))
    add_command(app, EntryPoint("group", "search.markdown:group", "lychee.commands"))

    assert exit_code_of(lambda: app(["function", "you"])) == 0
    assert exit_code_of(lambda: app(["group", "two", "all"])) == 0
    assert capsys.readouterr().out == "hello you\nhello all\n"


def test_an_unexpected_failure_is_one_line_and_a_log(lychee, indexed, monkeypatch):
    def fail(_):
        raise RuntimeError("the sky\nfell")

    monkeypatch.setattr(search.assembly, "load_reranker", fail)

    code, out, err = lychee("search", "red", "--collection", "toys")

    line = one_error_line(err)
    assert (code, out) == (70, "")
    assert "RuntimeError: the sky fell" in line
    log = Path(line.rsplit(" ", 1)[1])
    assert "Traceback" in log.read_text()
    log.unlink()


def test_help_costs_no_heavy_library():
    code = (
        "from search.cli.main import run\nimport sys\nrun(['--help'])\n"
        "print([lib for lib in ('torch', 'transformers', 'faiss', 'open_clip', 'fastapi') if lib in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.splitlines()[-1] == "[]"


def test_the_program_leaves_with_the_exit_code(tmp_path):
    lychee = Path(sys.executable).parent / "lychee"

    done = subprocess.run(
        [lychee, "search", "red", "--collection", "no/name"], capture_output=True, text=True, cwd=tmp_path
    )

    assert (done.returncode, done.stdout) == (2, "")
    assert "no name for a collection" in one_error_line(done.stderr)


def test_an_interrupt_is_one_line_and_130(tmp_path):
    """With the interrupt during a model pass, which cannot be stopped and must not be waited for."""
    (tmp_path / "program.py").write_text(SLOW_PROGRAM)
    process = subprocess.Popen(
        [sys.executable, "program.py"],
        cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stdout.readline() == "working\n"
    began = time.monotonic()
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=20)

    assert process.returncode == 130
    assert "interrupted" in one_error_line(err)
    assert time.monotonic() - began < 10
