"""A group of commands one of which need not be named. Knows none of them by what it does."""

import typer
from typer.core import TyperGroup

DEFAULT = "run"


class RunByDefault(TyperGroup):
    """`lychee ab BASE TUNED` is `lychee ab run BASE TUNED`; what begins with another command's name is that command."""

    def parse_args(self, ctx: typer.Context, args: list[str]) -> list[str]:  # type: ignore[override]  # its class is private
        if args and args[0] not in self.commands and args[0] not in ctx.help_option_names:
            args = [DEFAULT, *args]
        return super().parse_args(ctx, args)
