"""What models and the cache of pictures by URL tell of themselves."""

import threading

from prometheus_client import CollectorRegistry
from support.tiny_open_clip import make_tiny_open_clip
from support.toy_service import toy_service

from api.loading import Loading
from api.watching.service_metrics import ServiceMetrics
from content.fetching.cache import UrlCache
from indexer.encoder import OpenClipEncoder
from search.observer import NobodyWatches


class Urls:
    """Pictures by URL out of a cache alone."""

    def __init__(self):
        self.cache = UrlCache(1000)

    @property
    def counts(self):
        return self.cache.counts

    def fetch(self, url):
        return self.cache.get(url) or b""


def test_the_weights_of_a_model_are_told_in_bytes(settings, tmp_path):
    folder = make_tiny_open_clip(tmp_path / "model")
    encoder = OpenClipEncoder.from_pretrained(str(folder), device="cpu")
    in_file = (folder / "open_clip_model.safetensors").stat().st_size

    service = toy_service(settings, None)
    service.encoder = encoder
    told = scraped(service, "lychee_model_weights_bytes", stage="encoder")
    assert 0.9 * in_file < told < 1.1 * in_file
    assert scraped(service, "lychee_model_info", stage="reranker", model="") is None


def test_the_cache_of_pictures_by_url_is_counted(settings):
    service = toy_service(settings, None)
    assert scraped(service, "lychee_url_cache_hits_total") is None
    service.images = urls = Urls()
    urls.fetch("https://a/b")
    urls.cache.put("https://a/b", b"12345", seconds=60)
    urls.fetch("https://a/b")
    urls.fetch("https://a/b")
    assert scraped(service, "lychee_url_cache_hits_total") == 2
    assert scraped(service, "lychee_url_cache_misses_total") == 1
    assert scraped(service, "lychee_url_cache_bytes") == len("https://a/b12345")


def scraped(service, name, **labels):
    loaded = threading.Event()
    loading = Loading(lambda: service, lambda _: loaded.set(), NobodyWatches())
    loading.start()
    assert loaded.wait(10)
    registry = CollectorRegistry()
    registry.register(ServiceMetrics(loading))
    return registry.get_sample_value(name, labels)
