"""The change of stage 2's model while requests are answered: another one is loaded beside it, tried, and put in its
place. Knows no HTTP, and chooses no implementation.

A request keeps the model that it began with, so none is dropped and none is judged by two. The model that was in use
before stays in memory, so that the way back takes no time; the one before that is let go when the next one is loaded
and tried, or earlier where memory lacks.
"""

import gc
import logging
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from content import Content
from content.errors import Busy, InvalidInput, ModelError, NotFound
from reranker.protocol import Reranker
from search.free_memory import free_bytes

if TYPE_CHECKING:
    from reranker.feature_cache import FeatureCache  # costs torch
    from search.service import Service

logger = logging.getLogger(__name__)

_TRIAL = Content(text="a red mug")


@dataclass(frozen=True, slots=True, eq=False)
class Stage2:
    """A reranker, and the cache that it keeps what it saw in; None where it keeps nothing."""

    reranker: Reranker
    pictures: "FeatureCache | None" = None

    def close(self) -> None:
        """Its cache writes what it has to and lets go of its file; who still judges with it may go on."""
        if self.pictures is not None:
            self.pictures.close()


@dataclass(frozen=True, slots=True)
class Changed:
    """reranker: the name of the one in use from now on. previous: of the one that `go_back` would bring. seconds: that
    loading and trial took."""

    reranker: str
    previous: str
    seconds: float


class Rerankers:
    """The one in use, which is the service's own, and the one before it. Safe to use from several threads.

    load: makes stage 2 by a name as settings have it. others: what may be named beside the one of the settings: names,
    and folders, which stand for all that lies in them (`./models`: without a separator it is a name). Nobody may make
    the server read just any folder.
    """

    def __init__(self, service: "Service", load: Callable[[str], Stage2], others: str = "") -> None:
        self._service = service
        self._load = load
        self._others = tuple(name.strip() for name in others.split(",") if name.strip())
        self._previous: Stage2 | None = None
        self._one_at_a_time = threading.Lock()

    def change(self, name: str | None = None) -> Changed:
        """Loads a reranker and uses it for all requests that come from then on. name: None loads that of the settings
        again, whose files may have changed.

        Where anything fails, the one in use stays, and so does the way back unless its memory was needed. Raises
        InvalidInput for a name that is not allowed, ModelError for one that cannot be loaded or gives no verdict, Busy
        while another change is under way.
        """
        name = self._service.settings.reranker if name is None else self._allowed(name)
        with self._alone():
            begin = perf_counter()
            stage2 = self._loaded_beside_two(name) or self._loaded(name)
            self._let_go_of_previous()
            return self._use(stage2, begin)

    def go_back(self) -> Changed:
        """Uses the one before again, and keeps the one that was in use, so that a second call undoes the first.

        Raises NotFound where there is none before, Busy while another change is under way.
        """
        with self._alone():
            if self._previous is None:
                raise NotFound("there is no reranker to go back to: none has been changed since this server started")
            return self._use(self._previous, perf_counter())

    def close(self) -> None:
        """Closes what is kept of the one before."""
        self._let_go_of_previous()

    @contextmanager
    def _alone(self) -> Iterator[None]:
        if self._service.reranker is None:
            raise InvalidInput("stage 2 is switched off here (the setting reranker is none); start the server with one")
        if not self._one_at_a_time.acquire(blocking=False):
            raise Busy("another reranker is just being loaded; try again when it is there")
        try:
            yield
        finally:
            self._one_at_a_time.release()

    def _use(self, stage2: Stage2, begin: float) -> Changed:
        service = self._service
        assert service.reranker is not None  # `_alone` has looked, and nobody else changes it
        previous = Stage2(service.reranker, service.picture_cache)
        service.reranker, service.picture_cache, self._previous = stage2.reranker, stage2.pictures, previous
        changed = Changed(stage2.reranker.name, previous.reranker.name, perf_counter() - begin)
        logger.info("the reranker is %s now; it was %s", changed.reranker, changed.previous)
        return changed

    def _loaded_beside_two(self, name: str) -> Stage2 | None:
        """None where there is no memory for a third: then the one before has been let go."""
        if self._previous is not None and _host_bytes(self._previous.reranker) <= free_bytes():
            try:
                return self._loaded(name)
            except Exception as error:
                if not _lacks_memory(error):
                    raise
        if self._previous is not None:
            logger.warning("there is no memory for three rerankers; the one before is let go, and the way back with it")
            self._let_go_of_previous()
            gc.collect()  # models hold themselves in circles
        return None

    def _loaded(self, name: str) -> Stage2:
        stage2 = self._load(name)
        try:
            self._try(stage2.reranker)
        except BaseException:
            stage2.close()
            raise
        return stage2

    def _try(self, reranker: Reranker) -> None:
        """Raises ModelError for a model that loads and yet judges nothing; after it, its kernels are warm too."""
        (judgement,) = self._service.worker.run(lambda: reranker.score(None, _TRIAL, [_TRIAL]))
        if judgement.error is not None:
            raise ModelError(f"{reranker.name} was loaded but gives no verdict: {judgement.error}", param="reranker")

    def _let_go_of_previous(self) -> None:
        previous, self._previous = self._previous, None
        if previous is not None:
            previous.close()

    def _allowed(self, name: str) -> str:
        if name == self._service.settings.reranker or name in self._others:
            return name
        try:
            folder = Path(name).expanduser().resolve()
            below = any(folder.is_relative_to(root) for root in map(_folder, self._others) if root is not None)
        except (OSError, RuntimeError, ValueError):  # a loop of links, an unknown user, a NUL
            below = False
        if not below:
            raise InvalidInput(
                f"the reranker {name[:200]!r} may not be named here; the setting other_rerankers lists those that may",
                param="reranker",
            )
        if not folder.is_dir():  # what is no folder would be looked for on the hub
            raise InvalidInput(f"there is no folder {name[:200]!r}", param="reranker")
        told = os.path.normpath(name)  # every answer tells it; where that lies on this machine is nobody's business
        return told if Path(told).expanduser().resolve() == folder else str(folder)


def _host_bytes(reranker: Reranker) -> int:
    """What the weights take, 0 where that is not known; a system that has too little kills who asks, and raises
    nothing."""
    return int(getattr(reranker, "weight_bytes", 0))


def _lacks_memory(error: BaseException | None) -> bool:
    from reranker.device import is_out_of_memory  # costs torch

    while error is not None:
        if is_out_of_memory(error) or "too little memory" in str(error):  # in a judge's own words, of the trial
            return True
        error = error.__cause__
    return False


def _folder(name: str) -> Path | None:
    """None for a bare name, which may be a model's: a folder called so in the working folder is not meant."""
    if not name.startswith((".", "~")) and not set(name) & {os.sep, os.altsep}:
        return None
    folder = Path(name).expanduser().resolve()
    return folder if folder.is_dir() else None
