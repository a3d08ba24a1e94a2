"""The program `lychee` itself: bad input, help, commands that are added, failures, exit codes."""

import os
import signal
import subprocess
import sys
import time
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest
import typer
from support.error_line import one_error_line

import search.assembly
from search.cli.added import add_command
from search.cli.failures import exit_code_of
from search.cli.main import make_app

ROOT = Path(__file__).parents[3]
SLOW_PROGRAM = """
import sys, time, typer
import search.cli.main as program
from search.worker import DeviceWorker

app = typer.Typer()

@app.command()
def slow():
    DeviceWorker().run(lambda: (print("working", flush=True), time.sleep(30)))

program.make_app = lambda: app
sys.argv = ["lychee"]
program.main()
"""


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
    def fail(*_, **__):
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
