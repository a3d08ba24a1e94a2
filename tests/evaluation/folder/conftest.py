"""A folder in BEIR form, made anew with what a test wants otherwise."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from support.beir import write_folder


@pytest.fixture
def make(tmp_path) -> Callable[..., Path]:
    return partial(write_folder, tmp_path / "folder")
