"""`lychee keys`: API keys are made, listed and revoked, also while a server runs. Loads no model."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from api.guards.key_file import DEFAULT_FILE, change_keys, read_keys
from api.guards.keys import ApiKey, Scope, make_key
from content.errors import InvalidInput, NotFound
from search.cli.options import ConfigOption, JsonOption
from search.cli.output import as_json, one_line, plain_table, stderr, stdout
from search.load_settings import load_settings

NameArgument = Annotated[str, typer.Argument(help="The key's name.", metavar="NAME", show_default=False)]
FileOption = Annotated[
    Path | None,
    typer.Option("--file", help="The file of keys (default: the setting keys, else keys.json).", metavar="FILE"),
]
app = typer.Typer(help="API keys: add, list, revoke; a running server needs no restart.", no_args_is_help=True)


@app.callback()
def keys() -> None:
    """API keys: add, list, revoke; a running server needs no restart."""


@app.command(epilog="Example: lychee keys add shop --scope read --rate 600")
def add(
    name: NameArgument,
    scope: Annotated[
        Scope, typer.Option("--scope", help="read: search and rerank; write: also change collections.")
    ] = "read",
    rate: Annotated[
        int | None,
        typer.Option("--rate", help="How many requests in a minute (default: any number).", metavar="N", min=1),
    ] = None,
    file: FileOption = None,
    config: ConfigOption = None,
) -> None:
    """Make a key and print it, once: only its SHA-256 is kept."""
    path = _file(file, config)
    secret, key = make_key(name, scope, rate)

    def with_it(known: list[ApiKey]) -> list[ApiKey]:
        if any(each.name == name for each in known):
            raise InvalidInput(
                f"there is a key {name} in {path} already; choose another name, or `lychee keys revoke {name}` first",
                param="name",
            )
        return [*known, key]

    change_keys(path, with_it)
    typer.echo(secret)
    stderr().print(
        f"This is the only time that the key {name} is shown. A server with --keys {path} knows it from now on.",
        style="dim", markup=False, soft_wrap=True,
    )  # fmt: skip


@app.command("list", epilog="Example: lychee keys list --json")
def list_keys(json: JsonOption = False, file: FileOption = None, config: ConfigOption = None) -> None:
    """Every key with what it may do; the keys themselves are not kept anywhere."""
    path = _file(file, config)
    known = read_keys(path)
    if json:
        typer.echo(
            as_json([{name: value for name, value in asdict(each).items() if name != "sha256"} for each in known])
        )
        return
    table = plain_table("A minute", "Name", "Scope", "Created", numbers=1)
    for each in known:
        table.add_row("any" if each.rate is None else f"{each.rate:,}", one_line(each.name), each.scope, each.created)
    if known:
        stdout().print(table)
    else:
        stdout().print(f"there are no keys in {path}, so a server that uses it lets nobody in", markup=False)


@app.command(epilog="Example: lychee keys revoke shop")
def revoke(name: NameArgument, file: FileOption = None, config: ConfigOption = None) -> None:
    """Forget a key; the next request with it is refused."""
    path = _file(file, config)

    def without_it(known: list[ApiKey]) -> list[ApiKey]:
        rest = [each for each in known if each.name != name]
        if len(rest) == len(known):
            names = ", ".join(each.name for each in known) or "none"
            raise NotFound(f"there is no key {name} in {path}; there are: {names}", param="name")
        return rest

    change_keys(path, without_it)
    stdout().print(f"the key {name} is revoked", markup=False)


def _file(file: Path | None, config: Path | None) -> Path:
    return file or load_settings(config, {}).keys or DEFAULT_FILE
