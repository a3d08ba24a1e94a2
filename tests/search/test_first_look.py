"""The cheap first look: what is read in full after it, what the answer says, and what it refuses."""

from collections.abc import Callable, Iterator, Mapping

import pytest
from PIL import Image
from support.one_step import ScoresInSteps
from support.table_reranker import TableReranker, add_picture, add_texts, png
from support.toy_encoder import ToyEncoder

from content.errors import InvalidInput
from indexer.collection import Collection
from reranker.lychee import LycheeReranker
from reranker.protocol import Judgement
from search.assembly import load_reranker
from search.engine import SearchEngine
from search.first_look import FirstLook, first_look
from search.settings import Settings
from search.worker import DeviceWorker

FULL, SMALL = 10_000, 4_000
TWO = FirstLook(SMALL, keep=2)


class Reds(ScoresInSteps):
    """The score of a picture is the share of red in it, or what `misread` says of it at few pixels; that of a text is
    0.5. read: what it has scored, at which pixels."""

    name = "reds"
    fingerprint = "reds"

    def __init__(self, misread: Mapping[int, float] | None = None, max_pixels: int = FULL) -> None:
        self.misread = misread or {}
        self.max_pixels = max_pixels
        self.read: list[tuple[int, int | None]] = []

    def at_pixels(self, max_pixels: int) -> "Reds":
        view = Reds(self.misread, max_pixels)
        view.read = self.read
        return view

    def score(self, instruction, query, documents):
        return [self._judge(document) for document in documents]

    def _judge(self, document) -> Judgement:
        if not hasattr(document, "image"):
            return Judgement(0.0, error=document.reason)
        red = None if document.image is None else document.image.getpixel((0, 0))[0]
        self.read.append((self.max_pixels, red))
        if red is None:
            return Judgement(0.5)
        return Judgement(self.misread.get(red, red / 255) if self.max_pixels < FULL else red / 255)


@pytest.fixture
def collection(tmp_path) -> Iterator[Collection]:
    """Pictures p10 to p60 with so much red, and two texts."""
    encoder = ToyEncoder()
    with Collection.create(tmp_path / "looked", encoder) as collection:
        add_texts(collection, encoder, {"a": "red mug", "b": "red"})
        for red in range(10, 70, 10):
            add_picture(collection, encoder, f"p{red}", png(Image.new("RGB", (4, 4), (red, 0, 0))))
        yield collection


@pytest.fixture
def search(collection) -> Iterator[Callable]:
    worker = DeviceWorker()

    def search(reranker, looks: FirstLook | None = TWO, top_k: int = 2, **options):
        engine = SearchEngine(collection, ToyEncoder(), reranker, worker, first_look=looks)
        return engine.search("red", top_k=top_k, **options)

    yield search
    worker.close()


def test_only_the_best_pictures_are_read_in_full(search):
    judge = Reds()
    answer = search(judge, target="image")
    assert [hit.id for hit in answer.hits] == ["p60", "p50"]
    assert sorted(red for pixels, red in judge.read if pixels == SMALL) == [10, 20, 30, 40, 50, 60]
    assert sorted(red for pixels, red in judge.read if pixels == FULL) == [50, 60]


def test_scores_are_those_of_the_full_reading(search):
    answer = search(Reds(misread={10: 0.9}), target="image")
    assert [(hit.id, hit.score) for hit in answer.hits] == [
        ("p60", pytest.approx(60 / 255)),
        ("p10", pytest.approx(10 / 255)),
    ]


def test_what_the_first_look_underrates_is_lost_and_the_answer_says_that_some_were_left_out(search):
    answer = search(Reds(misread={60: 0.0}), target="image")
    assert [hit.id for hit in answer.hits] == ["p50", "p40"]
    (warning,) = [one for one in answer.warnings if one.startswith("first_look: ")]
    assert "6 pictures were looked at with at most 4,000 pixels" in warning
    assert "best 2 of them were read in full" in warning
    assert "other 4 are no hits" in warning


def test_texts_are_read_once_and_never_left_out(search):
    judge = Reds()
    answer = search(judge, looks=FirstLook(SMALL, 4), top_k=4)
    assert {hit.id for hit in answer.hits[:2]} == {"a", "b"}
    assert [pixels for pixels, red in judge.read if red is None] == [FULL, FULL]


def test_no_more_pictures_than_are_kept_are_read_once(search):
    judge = Reds()
    answer = search(judge, looks=FirstLook(SMALL, 6), target="image")
    assert {pixels for pixels, _ in judge.read} == {FULL}
    assert not [one for one in answer.warnings if one.startswith("first_look")]


def test_hits_keep_their_places_of_stage_1(search):
    looked = {hit.id: hit.retrieval.rank for hit in search(Reds(), target="image").hits}
    plain = {hit.id: hit.retrieval.rank for hit in search(Reds(), looks=None, target="image").hits}
    assert looked == plain


def test_more_hits_than_are_read_in_full_are_refused(search):
    with pytest.raises(InvalidInput, match="first_look_keep") as refused:
        search(Reds(), top_k=3)
    assert refused.value.param == "top_k"


def test_stage_1_alone_has_no_first_look(search):
    assert len(search(Reds(), top_k=8, rerank=False).hits) == 8


def test_who_wants_to_hear_of_errors_hears_of_those_of_the_first_look(search, collection):
    add_picture(collection, ToyEncoder(), "broken", b"no picture")
    with pytest.raises(InvalidInput, match="broken"):
        search(Reds(), target="image", raise_on_error=True)
    assert [hit.id for hit in search(Reds(), target="image").hits] == ["p60", "p50"]


def test_most_hits_is_what_a_search_takes(collection):
    worker = DeviceWorker()
    try:
        engine = SearchEngine(collection, ToyEncoder(), Reds(), worker, first_look=FirstLook(SMALL, 3))
        assert engine.most_hits(100) == 3
        assert engine.most_hits(2) == 2
        assert engine.most_hits(100, rerank=False) == 100
    finally:
        worker.close()


@pytest.mark.parametrize(
    ("judge", "reason"), [(TableReranker({}), "only the judge yes-no"), (Reds(max_pixels=SMALL), "needs fewer")]
)
def test_a_judge_for_which_it_makes_no_sense_is_refused(judge, reason):
    with pytest.raises(InvalidInput, match=reason):
        FirstLook(SMALL, 2).view(judge)


def test_no_pixels_switch_it_off():
    assert first_look(0, 20) is None
    assert first_look(3136, 20) == FirstLook(3136, 20)


def test_settings_with_too_few_pixels_are_refused_before_the_first_search():
    with pytest.raises(InvalidInput, match="3,136"):
        load_reranker(Settings(first_look_pixels=100))


def test_the_demo_judge_can_look_first():
    judge = load_reranker(Settings(first_look_pixels=3136))
    assert isinstance(judge, LycheeReranker)
    assert FirstLook(3136, 5).view(judge).name == judge.name
