"""The loop around every training: rate, steps, curve, checks and checkpoints. Knows nothing of what is learned."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn

from demo.training.run_log import RunLog

_log = logging.getLogger(__name__)

Losses = Mapping[str, Tensor]  # what is summed; the names go into the curve


@dataclass(frozen=True, slots=True)
class Schedule:
    """rate rises over `warm_up` steps, stays, and falls to a fiftieth over the last share `fall` of all `steps`."""

    steps: int
    rate: float
    warm_up: int = 50
    fall: float = 0.3
    weight_decay: float = 0.01
    report_every: int = 20
    check_every: int = 200
    checkpoint_seconds: float = 60.0

    def at(self, step: int) -> float:
        """The learning rate of a step."""
        left = (self.steps - step) / max(1.0, self.fall * self.steps)
        return self.rate * min(1.0, (step + 1) / self.warm_up, max(0.02, left))


class Loop:
    """Runs `losses(step)` down. Batches depend on the step alone, so that an interrupted run ends as any other."""

    def __init__(
        self,
        modules: Mapping[str, nn.Module],
        losses: Callable[[int], Losses],
        schedule: Schedule,
        folder: Path,
        check: Callable[[], dict[str, float]] | None = None,
        of: str = "",
    ) -> None:
        """of: what else the run hangs on (seed, data, earlier stages), beside schedule and modules.

        Raises FileExistsError where `folder` holds a run of something else.
        """
        self._modules, self._losses, self._schedule, self._check = modules, losses, schedule, check
        self._device = device_of(*modules.values()).type
        self._parameters = [one for module in modules.values() for one in module.parameters() if one.requires_grad]
        self._optimiser = torch.optim.AdamW(
            self._parameters, lr=schedule.rate, betas=(0.9, 0.98), weight_decay=schedule.weight_decay
        )
        self._of = f"{schedule}|{sorted(modules)}|{of}"
        self.log = RunLog(folder)
        self.step = 0
        self._resume()

    def run(self, until: int | None = None) -> None:
        """Goes on up to step `until`, by default to the end."""
        mean: dict[str, float] = {}
        while self.step < min(until or self._schedule.steps, self._schedule.steps):
            parts = self._one_step()
            mean = {name: 0.95 * mean.get(name, value) + 0.05 * value for name, value in parts.items()}
            self.step += 1
            if self.step % self._schedule.report_every == 0:
                self.log.write(step=self.step, loss=sum(parts.values()), mean=mean)
            if self._check is not None and self.step % self._schedule.check_every == 0:
                self.log.write(step=self.step, check=self._check())
            self.log.save(self._state(), every=self._schedule.checkpoint_seconds)
        self.log.save(self._state())

    def _one_step(self) -> dict[str, float]:
        for group in self._optimiser.param_groups:
            group["lr"] = self._schedule.at(self.step)
        with torch.autocast(self._device, torch.bfloat16):
            parts = self._losses(self.step)
        self._optimiser.zero_grad()
        torch.stack(list(parts.values())).sum().backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(self._parameters, 1.0)
        self._optimiser.step()
        return {name: float(value.detach()) for name, value in parts.items()}

    def _state(self) -> dict[str, object]:
        modules = {name: module.state_dict() for name, module in self._modules.items()}
        return {"of": self._of, "step": self.step, "optimiser": self._optimiser.state_dict(), **modules}

    def _resume(self) -> None:
        state = self.log.load()
        if state is None:
            return
        if state["of"] != self._of:
            raise FileExistsError(
                f"{self.log.folder} holds a run of another recipe; name another folder with --runs, or remove that one"
            )
        for name, module in self._modules.items():
            module.load_state_dict(state[name])
        self._optimiser.load_state_dict(state["optimiser"])
        self.step = state["step"]
        self.log.cut(self.step)
        _log.info("going on from step %d", self.step)


def device_of(*modules: nn.Module) -> torch.device:
    """Where the modules lie, which is where batches must go."""
    return next(one.device for module in modules for one in module.parameters())
