"""Commands that other rooms add to `lychee` by way of the entry-point group `lychee.commands`. Knows none by name."""

import logging
from importlib.metadata import EntryPoint, entry_points

import typer

from content.errors import LycheeError

GROUP = "lychee.commands"

logger = logging.getLogger(__name__)


def add_commands(app: typer.Typer) -> None:
    """Adds every command of the group, by name."""
    for point in sorted(entry_points(group=GROUP), key=lambda point: point.name):
        add_command(app, point)


def add_command(app: typer.Typer, point: EntryPoint) -> None:
    """Adds a Typer app or a function. One that cannot be imported becomes a command that says why, so that the others
    still work."""
    try:
        target = point.load()
    except Exception as error:  # another room's import may fail in any way
        logger.debug("cannot load the command %s", point.name, exc_info=True)
        _add_explanation(app, point.name, f"{type(error).__name__}: {error}")
        return
    if isinstance(target, typer.Typer):
        app.add_typer(target, name=point.name)
    else:
        app.command(point.name)(target)


def _add_explanation(app: typer.Typer, name: str, reason: str) -> None:
    @app.command(
        name,
        help="Not available in this installation.",
        context_settings={"allow_extra_args": True, "ignore_unknown_options": True},
    )
    def explain() -> None:
        raise LycheeError(f"the command {name} is not available in this installation ({reason})")
