"""From a folder of pictures to answers, with the models that come with the repository."""

import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from PIL import Image

from content import Content
from content.errors import EncoderMismatch, ModelError, NotFound
from demo.catalogue.folder import write_folder
from search import SearchEngine, Settings
from search.assembly import load_encoder, load_service
from search.cli.main import run

ITEMS = 60
README_QUERY = "two red striped mugs next to a blue bag"

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """A working folder with an indexed catalogue."""
    folder = tmp_path_factory.mktemp("demo")
    write_folder(folder / "catalogue", ITEMS, seed=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        assert run(["index", "catalogue/items.jsonl", "--device", "cpu"]) == 0
    return folder


@pytest.fixture(scope="module")
def engine(folder):
    with SearchEngine.open(folder / "collections" / "demo", device="cpu") as engine:
        yield engine


@pytest.fixture(scope="module")
def rows(folder) -> list[dict]:
    return [json.loads(line) for line in (folder / "catalogue" / "items.jsonl").read_text("utf-8").splitlines()]


def test_the_collection_holds_every_row_and_names_the_demo_encoder(engine):
    assert len(engine.collection) == ITEMS
    assert engine.collection.encoder_name == "demo"


def test_both_stages_answer_the_question_of_the_readme(engine):
    answer = engine.search(README_QUERY, target="image", candidates=20, top_k=20)

    assert (answer.reranked, answer.model) == (True, "demo")
    assert len(answer.hits) == 20
    assert sorted(hit.retrieval.rank for hit in answer.hits) == list(range(1, 21))
    assert all(0 <= hit.score <= 1 and hit.error is None for hit in answer.hits)
    assert answer.hits[0].id == "readme-0"
    assert answer.hits[0].score > 0.5 > max(hit.score for hit in answer.hits[1:])
    assert answer.timings_ms.rerank > 0


@pytest.mark.parametrize("language", ["en", "zh"])
def test_stage_1_finds_pictures_by_their_captions(engine, rows, language):
    pictured = [row for row in rows if f"caption_{language}" in row]
    found = 0
    for row in pictured:
        hits = engine.search(row[f"caption_{language}"], target="image", candidates=10, rerank=False).hits
        found += row["id"] in [hit.id for hit in hits]
    assert found >= 0.8 * len(pictured)


def test_a_picture_finds_itself_and_its_own_words(engine, folder, rows):
    row = next(row for row in rows if "image" in row)
    with Image.open(folder / "catalogue" / row["image"]) as picture:
        query = Content(image=picture)

    by_picture = engine.search(query, target="image", rerank=False)
    both = engine.search(Content(text=row["caption_en"], image=query.image), candidates=10)

    assert by_picture.hits[0].id == row["id"]
    assert by_picture.hits[0].retrieval.channels[0].score == pytest.approx(1, abs=1e-3)
    assert row["id"] in [hit.id for hit in both.hits]


def test_a_score_is_the_same_alone_and_among_others(engine):
    many = {hit.id: hit.score for hit in engine.search(README_QUERY, candidates=20, top_k=20).hits}
    few = {hit.id: hit.score for hit in engine.search(README_QUERY, candidates=3).hits}

    assert len(few) == 3
    assert all(score == pytest.approx(many[item_id], abs=2e-2) for item_id, score in few.items())


def test_searches_from_many_threads_agree(engine):
    alone = engine.search(README_QUERY, candidates=5)
    answers = []
    threads = [
        threading.Thread(target=lambda: answers.append(engine.search(README_QUERY, candidates=5))) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [answer.hits for answer in answers] == [alone.hits] * 4


def test_a_service_serves_the_same_collection(folder, engine):
    service = load_service(Settings(collections=folder / "collections", device="cpu"))
    try:
        assert (
            service.engine().search(README_QUERY, candidates=5).hits == engine.search(README_QUERY, candidates=5).hits
        )
        ranking = service.rerank(Content(text=README_QUERY), [Content(text="a green lamp"), Content(text=README_QUERY)])
        assert {entry.index for entry in ranking.entries} == {0, 1}
    finally:
        service.close()


def test_the_command_line_answers_from_another_process(folder):
    lychee = Path(sys.executable).parent / "lychee"
    done = subprocess.run(
        [lychee, "search", README_QUERY, "--target", "image", "--candidates", "5", "--json", "--device", "cpu"],
        capture_output=True, text=True, cwd=folder, env={**os.environ, "OMP_NUM_THREADS": "1"}, check=False,
    )  # fmt: skip

    assert (done.returncode, done.stderr) == (0, "")
    answer = json.loads(done.stdout)
    assert len(answer["hits"]) == 5
    assert all(hit["retrieval"]["rank"] and hit["score"] for hit in answer["hits"])


def test_reranker_none_leaves_stage_2_out(folder):
    with SearchEngine.open(folder / "collections" / "demo", reranker="none", device="cpu") as engine:
        assert engine.search(README_QUERY).reranked is False


def test_what_cannot_be_opened_says_why(folder, tmp_path):
    with pytest.raises(NotFound):
        SearchEngine.open(tmp_path / "nowhere", device="cpu")
    with pytest.raises(ModelError, match="no-such-model"):
        SearchEngine.open(folder / "collections" / "demo", encoder="no-such-model/tag", device="cpu")
    (tmp_path / "empty").mkdir()
    with pytest.raises(ModelError, match="empty"):
        SearchEngine.open(folder / "collections" / "demo", reranker=str(tmp_path / "empty"), device="cpu")


def test_a_collection_remembers_the_folder_of_its_encoder_from_anywhere(tmp_path, monkeypatch):
    import demo

    monkeypatch.chdir(Path(demo.__file__).parent)
    encoder = load_encoder(Settings(encoder="models/encoder", device="cpu"))

    assert Path(encoder.name).is_absolute()
    assert encoder.fingerprint == load_encoder(Settings(device="cpu")).fingerprint


def test_another_encoder_is_refused_naming_both(folder, tmp_path):
    from support.tiny_open_clip import make_tiny_open_clip

    other = make_tiny_open_clip(tmp_path / "tiny")
    with pytest.raises(EncoderMismatch, match=r"demo.*tiny"):
        SearchEngine.open(folder / "collections" / "demo", encoder=str(other), device="cpu")
