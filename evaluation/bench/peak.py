"""The most memory that a piece of work takes, found in a fresh process of its own. Knows no models."""

import resource
import sys
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Final, ParamSpec, TypeVar

if TYPE_CHECKING:
    import torch

Given = ParamSpec("Given")
T = TypeVar("T")

_STATUS: Final = Path("/proc/self/status")


@dataclass(frozen=True, slots=True)
class Peak:
    """Bytes. before: the peak of the process when the work began, its model loaded. most: when it was done. On CUDA
    both are what torch had allocated on the device, before and at the most; elsewhere they are resident memory."""

    before: int
    most: int

    @property
    def added(self) -> int:
        return self.most - self.before


def in_child(work: Callable[Given, T], *given: Given.args, **options: Given.kwargs) -> T:
    """What `work` returns in a fresh process; it and what it is given must be importable there."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(work, *given, **options).result()


def peak_of(work: Callable[[], object], device: "torch.device") -> Peak:
    """Of work in this process, which should not have done more before than `work` needs."""
    if device.type == "cuda":
        import torch  # not above: a fresh process that has no use for it should not wait for it

        torch.cuda.reset_peak_memory_stats(device)
        before = torch.cuda.memory_allocated(device)
        work()
        return Peak(before, torch.cuda.max_memory_allocated(device))
    before = resident_peak()
    work()
    return Peak(before, resident_peak())


def resident_peak() -> int:
    """The most resident memory of this process since it began, in bytes.

    On Linux not by getrusage: what that gives a child begins at its parent's own peak.
    """
    if _STATUS.is_file():
        line = next(line for line in _STATUS.read_text().splitlines() if line.startswith("VmHWM:"))
        return 1024 * int(line.split()[1])
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
