"""What a picture cache is worth to a service and an engine with a real if tiny judge: pictures are read once, also
after a restart, and the scores stay as they were."""

from contextlib import closing

import numpy as np
import pytest
from PIL import Image
from support.table_reranker import add_picture, png
from support.tiny_checkpoint import write_tiny_checkpoint
from support.toy_encoder import ToyEncoder

import search.assembly
from content import Content
from indexer.collection import Collection
from search.assembly import PICTURE_CACHE, load_engine, load_service
from search.settings import Settings

QUERY = "two red striped mugs"


def picture(seed: int) -> Image.Image:
    return Image.fromarray(np.random.default_rng(seed).integers(0, 256, (112, 140, 3), dtype=np.uint8))


@pytest.fixture(scope="module")
def judge(tmp_path_factory) -> str:
    return str(write_tiny_checkpoint(tmp_path_factory.mktemp("judge") / "tiny"))


@pytest.fixture
def settings(judge, tmp_path, monkeypatch) -> Settings:
    monkeypatch.setattr(search.assembly, "load_encoder", lambda _: ToyEncoder())
    return Settings(
        reranker=judge, device="cpu", dtype="fp32", collections=tmp_path / "collections", picture_cache_disk_mb=50
    )


def scores(service, seeds=range(3)) -> list[float]:
    ranking = service.rerank(Content(text=QUERY), [Content(image=picture(seed)) for seed in seeds])
    return [entry.judgement.score for entry in sorted(ranking.entries, key=lambda entry: entry.index)]


def hits(service) -> tuple[int, int, int]:
    counts = service.picture_cache.counts
    return counts.memory_hits, counts.disk_hits, counts.misses


def test_a_service_reads_a_picture_once_and_the_next_one_not_at_all(settings):
    with closing(load_service(settings)) as service:
        cold = scores(service)
        assert hits(service) == (0, 0, 3)
        assert scores(service) == pytest.approx(cold, abs=1e-6)
        assert hits(service) == (3, 0, 3)
    with closing(load_service(settings)) as service:
        assert scores(service) == pytest.approx(cold, abs=1e-6)
        assert hits(service) == (0, 3, 0)
        assert scores(service, range(1, 4))[:2] == pytest.approx(cold[1:], abs=1e-6)
        assert hits(service) == (2, 3, 1)


def test_by_default_nothing_is_written(settings):
    settings = settings.model_copy(update={"picture_cache_disk_mb": 0})
    with closing(load_service(settings)) as service:
        scores(service)
        scores(service)
        assert hits(service) == (3, 0, 3)
    assert not settings.collections.exists()


def test_without_memory_and_disk_scores_are_the_same(settings):
    with closing(load_service(settings)) as service:
        kept = scores(service)
    settings = settings.model_copy(update={"picture_cache_disk_mb": 0, "picture_cache_mb": 0})
    with closing(load_service(settings)) as service:
        assert scores(service) == pytest.approx(kept, abs=1e-6)
        assert scores(service) == pytest.approx(kept, abs=1e-6)


@pytest.mark.parametrize(
    "chosen",
    [
        {"reranker": "none"},
        {"judge": "rating"},
        {"reranker_pass": "plain"},
        {"picture_cache_mb": 0, "picture_cache_disk_mb": 0},
    ],
    ids=str,
)
def test_where_nothing_is_kept_there_is_no_cache_to_count_and_no_file(settings, chosen):
    with closing(load_service(settings.model_copy(update=chosen))) as service:
        assert service.picture_cache is None
    assert not (settings.collections / PICTURE_CACHE).exists()


def test_an_engine_uses_and_closes_the_same_file(settings):
    encoder = ToyEncoder()
    folder = settings.collections / "toys"
    with Collection.create(folder, encoder) as collection:
        add_picture(collection, encoder, "picture", png(picture(1)))
    found = []
    for _ in range(2):
        with load_engine(folder, settings) as engine:
            found.append([hit.score for hit in engine.search(QUERY).hits])
    assert found[0] == pytest.approx(found[1], abs=1e-6)
    assert sorted(path.name for path in settings.collections.iterdir()) == [PICTURE_CACHE, "toys"]  # no journal is left
    with closing(load_service(settings)) as service:
        assert [listed.name for listed in service.library.list()] == ["toys"]
        service.engine("toys").search(QUERY)
        assert hits(service) == (0, 1, 0)
