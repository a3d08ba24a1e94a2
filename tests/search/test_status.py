"""What a service says of itself, held against what it was made with and what it does."""

import sys
from contextlib import closing
from importlib.metadata import version
from pathlib import Path

import pytest
import torch
from support.toy_reranker import ToyReranker
from support.toy_service import COLLECTION, toy_service

from reranker.feature_cache import FeatureCache
from reranker.feature_memory import MemoryFeatures
from search.assembly import load_encoder, load_reranker
from search.settings import Settings
from search.status import PACKAGES, ModelStatus, resident_bytes, status_of, versions


@pytest.fixture
def settings(tmp_path) -> Settings:
    return Settings(collections=tmp_path / "collections", collection=COLLECTION, max_requests=3, device="cpu")


def test_it_counts_what_waits_and_what_there_is(settings):
    with closing(toy_service(settings, ToyReranker())) as service:
        service.library.create("another")
        with service.worker.lane(), service.worker.lane():
            status = status_of(service)
        assert (status.waiting, status.most_waiting, status.collections) == (2, 3, 2)
        assert status_of(service).waiting == 0
        assert status.pictures is None
        assert status.encoder == ModelStatus("toy-16", None, None, None)
        assert status.reranker == ModelStatus("toy-reranker", None, None, None)


def test_it_tells_that_stage_2_is_off_and_what_is_kept_of_pictures(settings):
    with closing(toy_service(settings, None)) as service:
        service.picture_cache = FeatureCache(MemoryFeatures(10**6))
        service.picture_cache.get(b"picture")
        service.picture_cache.put(b"picture", torch.zeros(10, 4))
        status = status_of(service)
        assert status.reranker is None
        assert (status.pictures.misses, status.pictures.memory_pictures) == (1, 1)


def test_a_models_folder_is_told_by_its_last_part(settings):
    with closing(toy_service(settings, ToyReranker())) as service:
        service.encoder.name = "/home/somebody/models/finetuned"
        service.reranker.name = "vec-ai/lychee-rerank-mm"
        status = status_of(service)
        assert (status.encoder.name, status.reranker.name) == ("finetuned", "vec-ai/lychee-rerank-mm")


@pytest.mark.slow
def test_the_models_say_where_they_are_and_in_which_form(settings):
    with closing(toy_service(settings, None)) as service:
        service.encoder = load_encoder(settings)
        service.reranker = load_reranker(settings.model_copy(update={"dtype": "fp32"}))
        status = status_of(service)
    for model in (status.encoder, status.reranker):
        assert (model.name, model.device, model.dtype) == ("demo", "cpu", "float32")
        assert model.weight_bytes > 10**6


@pytest.mark.skipif(not Path("/proc/self/statm").is_file(), reason="no other system says it there")
def test_the_memory_of_the_process_grows_with_what_it_holds():
    before = resident_bytes()
    held = bytearray(b"x" * 50_000_000)
    assert resident_bytes() - before > 0.9 * len(held)


def test_versions_are_those_of_what_is_installed():
    told = versions(("torch", "no-such-package"))
    assert dict(told) == {"torch": version("torch"), "Python": sys.version.split()[0]}
    assert versions().keys() == {*PACKAGES, "Python"}
