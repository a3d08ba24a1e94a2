"""What a running service is made of and holds just now, as plain values. Knows neither HTTP nor how it is shown."""

import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from indexer.protocols import Encoder
from reranker.protocol import Reranker
from search.service import Service

if TYPE_CHECKING:
    from reranker.feature_cache import CacheCounts  # costs torch

PACKAGES: Final = ("lychee-search", "torch", "transformers", "open_clip_torch", "faiss-cpu", "gradio")
_STATM: Final = Path("/proc/self/statm")


@dataclass(frozen=True, slots=True)
class ModelStatus:
    """One stage's model. name: as a setting has it, of a folder the last part only. device, dtype: as PyTorch calls
    them. weight_bytes: the memory of its weights. None where the model does not say."""

    name: str
    device: str | None
    dtype: str | None
    weight_bytes: int | None


@dataclass(frozen=True, slots=True)
class Status:
    """reranker: None where stage 2 is switched off. resident_bytes: memory of the whole process, None where the system
    does not say. waiting: requests that use the models or wait for them, of at most `most_waiting`. pictures: None
    where nothing is kept of them. picture_bytes: what they may take in memory. collections: how many there are."""

    encoder: ModelStatus
    reranker: ModelStatus | None
    resident_bytes: int | None
    waiting: int
    most_waiting: int
    pictures: "CacheCounts | None"
    picture_bytes: int
    collections: int


def status_of(service: Service) -> Status:
    return Status(
        encoder=_model(service.encoder),
        reranker=None if service.reranker is None else _model(service.reranker),
        resident_bytes=resident_bytes(),
        waiting=service.worker.open_lanes,
        most_waiting=service.worker.max_requests,
        pictures=None if service.picture_cache is None else service.picture_cache.counts,
        picture_bytes=service.settings.picture_cache_mb * 10**6,
        collections=len(service.library.list()),
    )


def _model(model: Encoder | Reranker) -> ModelStatus:
    """What a model need not say, it may not."""
    name = Path(model.name)
    return ModelStatus(
        name=name.name if name.is_absolute() else model.name,
        device=getattr(model, "device", None),
        dtype=getattr(model, "dtype", None),
        weight_bytes=getattr(model, "weight_bytes", None),
    )


def resident_bytes() -> int | None:
    """The memory of this process that is in RAM just now; None where the system does not say."""
    if not _STATM.is_file():
        return None
    return int(_STATM.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def versions(packages: Sequence[str] = PACKAGES) -> Mapping[str, str]:
    """Package -> its version, those that are not installed left out; and Python's."""
    found = {}
    for package in packages:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return MappingProxyType({**found, "Python": platform.python_version()})
