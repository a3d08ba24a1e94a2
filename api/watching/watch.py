"""All that watches one app, put together. Knows nothing of what it serves."""

from fastapi import FastAPI

from api.loading import Loading
from api.watching.metrics import Metrics
from api.watching.middleware import WatchMiddleware
from api.watching.observer import WatchingObserver
from api.watching.service_metrics import ServiceMetrics
from api.watching.traces import traces


class Watch:
    """observer: what the app's service is to tell of its stages."""

    def __init__(self) -> None:
        self._metrics = Metrics()
        self._traces = traces()
        self.observer = WatchingObserver(self._metrics, self._traces)

    def install(self, app: FastAPI, loading: Loading) -> None:
        """Before all middleware that is there, so it comes last. loading: the service that is looked at, once there."""
        self._metrics.registry.register(ServiceMetrics(loading))
        app.state.metrics = self._metrics
        app.add_middleware(WatchMiddleware, metrics=self._metrics, traces=self._traces)
