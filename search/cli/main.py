"""The entry point `lychee`. Knows the commands of this room; other rooms add theirs."""

import os
import sys
from collections.abc import Sequence
from importlib.metadata import version
from io import TextIOWrapper
from typing import Annotated

import typer

from search.cli.added import add_commands
from search.cli.collection import app as collection
from search.cli.data.app import app as data
from search.cli.failures import INTERRUPTED, exit_code_of
from search.cli.index import index
from search.cli.merge import merge
from search.cli.rerank import rerank
from search.cli.search import search
from search.cli.train import train


def main() -> None:
    """Runs the command line and leaves with its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # what a terminal's encoding lacks is no reason to fail
    code = run(sys.argv[1:])
    if code == INTERRUPTED:
        # A model pass cannot be interrupted, and an ordinary exit would wait for it. Collections survive this.
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    sys.exit(code)


def run(arguments: Sequence[str]) -> int:
    """Runs `lychee` with these arguments and gives its exit code."""
    return exit_code_of(lambda: make_app()(list(arguments), prog_name="lychee"))


def make_app() -> typer.Typer:
    app = typer.Typer(
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["--help", "-h"]},
        epilog="Example: lychee index ./photos --collection photos, then lychee search 'a red mug' --collection photos",
    )
    app.callback()(lychee)
    app.command(epilog="Example: lychee index ./photos --collection photos")(index)
    app.command(epilog="Example: lychee search 'two red striped mugs next to a blue bag' --target image --top-k 5")(
        search
    )
    app.command(epilog="Example: lychee rerank 'who wrote Hamlet?' 'By Shakespeare.' 'Hamlet is a village.'")(rerank)
    app.command(epilog="Example: lychee merge runs/dresses models/dresses --dtype bf16")(merge)
    app.add_typer(collection, name="collection")
    app.add_typer(data, name="data")
    app.command(
        add_help_option=False,  # the flags are transformers' parser's, and so is their help
        context_settings={"allow_extra_args": True, "ignore_unknown_options": True},
        epilog="Example: lychee train --model demo --train_data_path train.jsonl --output_dir tuned",
    )(train)
    add_commands(app)
    return app


def lychee(
    _: Annotated[
        bool,
        typer.Option(
            "--version", help="Print the version and leave.", callback=lambda wanted: _version(wanted), is_eager=True
        ),
    ] = False,
) -> None:
    """Two-stage multimodal search: open_clip and FAISS recall, the Lychee reranker reads and decides."""


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"lychee-search {version('lychee-search')}")
        raise typer.Exit
