"""What a loaded service holds, looked at whenever Prometheus asks: queue, models, picture cache. Waits for nobody."""

from collections.abc import Iterator
from importlib.metadata import version

from prometheus_client.core import Metric
from prometheus_client.registry import Collector

from api.loading import Loading
from api.watching.collection_metrics import collection_metrics
from api.watching.families import counter, gauge
from content.errors import NotReady
from content.fetching.cache import UrlCounts
from search.service import Service


class ServiceMetrics(Collector):
    """Nothing but that they are not there, while the models load."""

    def __init__(self, loading: Loading) -> None:
        self._loading = loading

    def collect(self) -> Iterator[Metric]:
        yield gauge(
            "lychee_build_info", "The version that runs; always 1.", ["version"], [([version("lychee-search")], 1)]
        )
        try:
            service = self._loading.service
        except NotReady:
            yield _models_loaded(0)
            return
        yield _models_loaded(1)
        yield from _queue(service)
        yield from _models(service)
        yield from _picture_cache(service)
        yield from _url_cache(service)
        yield from collection_metrics(service.library.opened)


def _models_loaded(value: int) -> Metric:
    return gauge("lychee_models_loaded", "1 once the models are loaded, 0 before that.", [], [([], value)])


def _queue(service: Service) -> Iterator[Metric]:
    worker = service.worker
    yield gauge("lychee_queue_depth", "Requests that use the models or wait for them.", [], [([], worker.open_lanes)])
    yield gauge("lychee_queue_limit", "How many may; one more is answered with 429.", [], [([], worker.max_requests)])


def _models(service: Service) -> Iterator[Metric]:
    models = {"encoder": service.encoder, "reranker": service.reranker}
    there = {stage: model for stage, model in models.items() if model is not None}
    yield gauge(
        "lychee_model_info",
        "The model of each stage; always 1.",
        ["stage", "model"],
        [([stage, model.name], 1) for stage, model in there.items()],
    )
    sizes = {stage: getattr(model, "weight_bytes", None) for stage, model in there.items()}
    yield gauge(
        "lychee_model_weights_bytes",
        "Memory that the weights of each stage's model take.",
        ["stage"],
        [([stage], size) for stage, size in sizes.items() if size is not None],
    )


def _picture_cache(service: Service) -> Iterator[Metric]:
    if service.picture_cache is None:
        return
    counts = service.picture_cache.counts
    yield counter(
        "lychee_picture_cache_hits",
        "Pictures that stage 2 had seen before, by where that was kept.",
        ["place"],
        [(["memory"], counts.memory_hits), (["disk"], counts.disk_hits)],
    )
    yield counter("lychee_picture_cache_misses", "Pictures that stage 2 had to look at.", [], [([], counts.misses)])
    yield counter(
        "lychee_picture_cache_not_written",
        "Pictures that did not reach the disk, which was too slow.",
        [],
        [([], counts.not_written)],
    )
    yield gauge(
        "lychee_picture_cache_pictures",
        "Pictures that are kept.",
        ["place"],
        [(["memory"], counts.memory_pictures), (["disk"], counts.disk_pictures)],
    )
    yield gauge(
        "lychee_picture_cache_bytes",
        "What is kept of pictures, in bytes.",
        ["place"],
        [(["memory"], counts.memory_bytes), (["disk"], counts.disk_bytes)],
    )


def _url_cache(service: Service) -> Iterator[Metric]:
    counts: UrlCounts | None = getattr(service.images, "counts", None)  # which only those have that fetch
    if counts is None:
        return
    yield counter("lychee_url_cache_hits", "Pictures by URL that were not fetched again.", [], [([], counts.hits)])
    yield counter("lychee_url_cache_misses", "Pictures by URL that had to be fetched.", [], [([], counts.misses)])
    yield gauge("lychee_url_cache_bytes", "What is kept of pictures by URL, in bytes.", [], [([], counts.bytes)])
