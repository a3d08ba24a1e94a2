"""`lychee bench`: measures speed and memory from the command line."""

from evaluation.bench.cli.app import app

__all__ = ["app"]
