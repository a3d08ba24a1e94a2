"""The seam through which a running engine is watched: how long its stages take, and what its steps hold. Knows nothing
of who watches."""

from contextlib import AbstractContextManager, nullcontext
from typing import Literal, Protocol

Stage = Literal["encode", "recall", "rerank", "embed", "ingest"]


class Observer(Protocol):
    """Told from any thread. Must not raise, and must not take long."""

    def stage(self, stage: Stage) -> AbstractContextManager[object]:
        """Around one stage of one request, on the request's own thread, waiting for the device included."""

    def step(self, *, documents: int, tokens: int, seconds: float) -> None:
        """One run of stage 2's model: the documents it judged, the tokens of their prompts, its time on the device."""


class NobodyWatches:
    def stage(self, stage: Stage) -> AbstractContextManager[object]:
        return nullcontext()

    def step(self, *, documents: int, tokens: int, seconds: float) -> None:
        pass
