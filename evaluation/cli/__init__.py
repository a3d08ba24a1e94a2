"""`lychee evaluate`: measures ranking quality from the command line, a file for each command."""

from evaluation.cli.app import app

__all__ = ["app"]
