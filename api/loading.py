"""The service on its way: loaded on a thread of its own, there, or failed and why. Knows nothing of routes."""

import logging
import threading
import time
from collections.abc import Callable

from content.errors import LycheeError, NotReady
from search.engine import SearchEngine
from search.observer import Observer
from search.rerankers import Changed, Rerankers
from search.service import Service

logger = logging.getLogger(__name__)


class Loading:
    """Holds the service of one running app. `start` returns at once; until the models are there `service` raises.

    observer: what the service is to tell of its stages.
    """

    def __init__(self, load: Callable[[], Service], on_loaded: Callable[["Loading"], None], observer: Observer) -> None:
        self.since = int(time.time())  # when this server was made, in seconds since 1970
        self._load = load
        self._on_loaded = on_loaded
        self._observer = observer
        self._service: Service | None = None
        self._failure: str | None = None
        self._closed = False
        self._lock = threading.Lock()

    def start(self) -> None:
        threading.Thread(target=self._load_and_tell, name="load-models", daemon=True).start()

    @property
    def service(self) -> Service:
        """Raises NotReady while the models load, and with the reason for good when loading failed."""
        if self._service is not None:
            return self._service
        if self._failure is not None:
            raise NotReady(f"the models could not be loaded: {self._failure}")
        raise NotReady("the models are still loading; ask /ready until it answers 200")

    @property
    def is_loading(self) -> bool:
        """Whether it is too early to say if there will be a service."""
        return self._service is None and self._failure is None

    def default_engine(self) -> SearchEngine:
        """The engine of the default collection. Raises NotReady for whatever keeps it from being searched."""
        try:
            return self.service.engine()
        except NotReady:
            raise
        except LycheeError as error:
            raise NotReady(f"the default collection cannot be searched: {error.message}", param=error.param) from error

    def is_ready(self) -> bool:
        """Whether the default collection can be searched."""
        try:
            self.default_engine()
        except NotReady:
            return False
        return True

    def change_reranker(self, change: Callable[[Rerankers], Changed]) -> None:
        """For signals, whose sender hears nothing: what it came to, or why nothing changed, stands in the log."""
        try:
            changed = change(self.service.rerankers)
        except LycheeError as error:
            logger.error("the reranker was not changed: %s", error.message)
        except Exception:
            logger.exception("the reranker was not changed")
        else:
            logger.warning("%s judges from now on; it was %s before", changed.reranker, changed.previous)

    def give_up(self) -> None:
        """Requests that use the models or wait for them fail with NotReady; a step that runs is not waited for."""
        if self._service is not None:
            self._service.worker.close()

    def close(self) -> None:
        """Closes the service; one that is still loading is closed as soon as it is there."""
        with self._lock:
            self._closed = True
            service = self._service
        if service is not None:
            service.close()

    def _load_and_tell(self) -> None:
        self._run()
        self._on_loaded(self)

    def _run(self) -> None:
        try:
            service = self._load()
        except LycheeError as error:
            logger.info("the models could not be loaded: %s", error.message)
            self._failure = error.message
            return
        except Exception as error:  # the process lives on to tell, so nothing may end this thread in silence
            logger.exception("the models could not be loaded")
            self._failure = f"{type(error).__name__}, see the server's log"
            return
        service.observer = self._observer
        with self._lock:
            self._service = service
            closed = self._closed
        if closed:
            service.close()
