"""Writes the run-time requirements of pyproject.toml to standard output, one a line, so that the Dockerfile can
install the libraries in a layer that a change of our own code does not touch."""

import sys
import tomllib
from pathlib import Path

project = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))["project"]
sys.stdout.write("\n".join(project["dependencies"]) + "\n")
