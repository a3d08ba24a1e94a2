"""Under what conditions a run was made: machine, versions, commit, options. Names no host, user or folder."""

import os
import platform
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import torch

from reranker.device import choose_device, choose_dtype
from reranker.embedded import DEMO
from reranker.machine import device_name, processor_name

_ROOT = Path(__file__).parents[1]
_LIBRARIES = ("torch", "transformers", "open_clip_torch")
_OPTIONAL = ("sentence-transformers",)


@dataclass(frozen=True, slots=True)
class Conditions:
    """What somebody else needs to make the run again.

    cores: logical ones of the machine. threads: those that torch uses. device: where both models ran. dtype: stage 2's
    number format. versions: library -> version. commit: what was checked out when the run began, None where there is no
    repository. options: as they were in force. seconds: wall time of the run, without loading the models.
    """

    platform: str
    processor: str
    cores: int
    threads: int
    device: str
    dtype: str
    python: str
    versions: Mapping[str, str]
    commit: str | None
    options: Mapping[str, object]
    seconds: float


def conditions(device: str, dtype: str, options: Mapping[str, object]) -> Conditions:
    """Of this process, at the start of a run; `seconds` is 0. device, dtype: as in the settings."""
    place = choose_device(device)
    return Conditions(
        platform=f"{platform.system()} {platform.machine()}",
        processor=processor_name(),
        cores=os.cpu_count() or 1,
        threads=torch.get_num_threads(),
        device=device_name(place),
        dtype=str(choose_dtype(dtype, place)).removeprefix("torch."),
        python=platform.python_version(),
        versions={name: version(name) for name in _LIBRARIES} | _optional_versions(),
        commit=commit(_ROOT),
        options=options,
        seconds=0.0,
    )


def _optional_versions() -> dict[str, str]:
    found: dict[str, str] = {}
    for name in _OPTIONAL:
        with suppress(PackageNotFoundError):
            found[name] = version(name)
    return found


def commit(root: Path) -> str | None:
    """The commit that is checked out in `root`; None where that is no repository of its own, or git is not there."""
    if not (root / ".git").exists():
        return None
    try:
        done = subprocess.run(
            ["git", "rev-parse", "HEAD"], cwd=root, capture_output=True, text=True, timeout=10, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip()


def shown_name(model: str) -> str:
    """A model's name as it may be published: of a folder only its own name."""
    folder = Path(model).expanduser()
    return folder.resolve().name if model != DEMO and folder.is_dir() else model
