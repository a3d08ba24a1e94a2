"""What a server does, without a server."""

from contextlib import nullcontext

import pytest
from PIL import Image
from support.table_reranker import TableReranker, png
from support.toy_encoder import ToyEncoder

from content import Content, Unreadable
from content.errors import Cancelled, InvalidInput, NotFound, NotReady
from content.sources import ImageSource
from indexer.record import Record, digest
from reranker import INSTRUCTIONS
from search.intake import Given
from search.library import Library
from search.patience import Patience
from search.service import Service
from search.settings import Settings
from search.worker import DeviceWorker


@pytest.fixture
def make_service(tmp_path):
    made: list[Service] = []

    def make_service(reranker: TableReranker | None, images: ImageSource | None = None) -> Service:
        settings = Settings(collections=tmp_path / "collections", collection="toys")
        encoder = ToyEncoder()
        library = Library(settings.collections, encoder)
        library.create("toys")
        made.append(Service(settings, encoder, reranker, library, DeviceWorker(), images=images))
        return made[-1]

    yield make_service
    for service in made:
        service.close()


def record(item_id: str, text: str | None = None, image: bytes | None = None) -> Record:
    return Record(item_id, text, image, digest(text, image, {}))


class CancellingSource:
    """Pictures whose caller leaves while the first is fetched."""

    def __init__(self, patience: Patience) -> None:
        self.patience = patience
        self.fetched = 0

    def fetch(self, url: str) -> bytes:
        self.fetched += 1
        self.patience.cancel()
        return png(Image.new("RGB", (4, 4), (255, 0, 0)))


def test_nothing_more_is_fetched_to_embed_for_a_caller_who_left(make_service):
    patience = Patience()
    images = CancellingSource(patience)
    service = make_service(None, images)
    with pytest.raises(Cancelled):
        service.embed([Given(image=f"http://public.example/{i}.png") for i in range(64)], patience=patience)
    assert images.fetched == 1
    assert service.worker.open_lanes == 0


def test_what_was_upserted_is_found_at_once(make_service):
    service = make_service(TableReranker({"red mug": 0.9}))
    red = png(Image.new("RGB", (4, 4), (255, 0, 0)))

    service.upsert("toys", [record("text", "red mug"), record("photo", image=red)])

    answer = service.engine().search("red")
    assert [(hit.id, hit.score, hit.has_image) for hit in answer.hits] == [("text", 0.9, False), ("photo", 0.5, True)]
    assert service.engine("toys").search("red", target="image").hits[0].id == "photo"


def test_an_upsert_with_one_bad_item_stores_none(make_service):
    service = make_service(None)

    with pytest.raises(InvalidInput) as refused:
        service.upsert("toys", [record("good", "red"), record("bad", image=b"no picture")])

    assert refused.value.param == "items[1].image"
    assert len(service.library.open("toys")) == 0


def test_collections_that_are_not_there(make_service):
    service = make_service(None)

    for call in (service.engine, lambda name: service.upsert(name, [])):
        with pytest.raises(NotFound, match="other"):
            call("other")


def test_a_dropped_collection_is_gone_and_may_come_again(make_service):
    service = make_service(None)
    service.upsert("toys", [record("text", "red mug")])

    service.library.drop("toys")

    with pytest.raises(NotFound):
        service.engine()
    service.library.create("toys")
    assert service.engine().search("red").hits == ()


def test_rerank_orders_given_documents(make_service):
    reranker = TableReranker({"no": 0.1, "yes": 0.9, "maybe": 0.4})
    documents = [Content(text="no"), Unreadable("torn"), Content(text="yes"), Content(text="maybe")]

    ranking = make_service(reranker).rerank(Content(text="which?"), documents, top_k=3)

    assert [(entry.index, entry.score) for entry in ranking.entries] == [(2, 0.9), (3, 0.4), (0, 0.1)]
    assert reranker.instructions == [INSTRUCTIONS["web-search"]]
    everything = make_service(reranker).rerank(Content(text="which?"), documents, instruction="Find yes")
    assert everything.entries[-1].judgement.error == "torn"
    assert reranker.instructions[1:] == ["Find yes"]


def test_rerank_shows_scores_as_asked_for(make_service):
    documents = [Content(text="no"), Unreadable("torn"), Content(text="yes"), Content(text="maybe")]
    service = make_service(TableReranker({"no": 0.25, "yes": 0.75, "maybe": 0.5}))

    ranking = service.rerank(Content(text="which?"), documents, scale=10, normalize="minmax", score_threshold=0.3)

    assert [(entry.index, entry.score) for entry in ranking.entries] == [(2, 10.0), (3, 5.0)]
    assert ranking.margin == 0.25
    assert (ranking.display.scale, ranking.display.normalize) == (10, "minmax")


def test_rerank_raises_for_the_first_bad_document_where_that_is_asked_for(make_service):
    documents = [Content(text="yes"), Unreadable("torn"), Unreadable("gone")]
    service = make_service(TableReranker({}))

    with pytest.raises(InvalidInput, match="torn") as refused:
        service.rerank(Content(text="which?"), documents, raise_on_error=True)

    assert refused.value.param == "documents[1]"
    assert len(service.rerank(Content(text="which?"), documents[:1], raise_on_error=True).entries) == 1


def test_rerank_of_nothing_is_nothing(make_service):
    assert make_service(TableReranker({})).rerank(Content(text="which?"), []).entries == ()


@pytest.mark.parametrize(
    ("query", "options", "param"),
    [
        ("", {}, "query"),
        ("?", {"top_k": 0}, "top_k"),
        ("?", {"score_threshold": -0.1}, "score_threshold"),
        ("?", {"scale": 2}, "scale"),
        ("?", {"normalize": "max"}, "normalize"),
    ],
)
def test_rerank_refuses_bad_arguments_by_name(make_service, query, options, param):
    with pytest.raises(InvalidInput) as refused:
        make_service(TableReranker({})).rerank(Given(query), [Content(text="yes")], **options)
    assert refused.value.param == param


def test_rerank_without_stage_2_says_so(make_service):
    with pytest.raises(NotReady, match="reranker is none"):
        make_service(None).rerank(Content(text="which?"), [Content(text="yes")])


def test_a_closed_service_says_so(make_service):
    service = make_service(TableReranker({}))
    service.close()
    with pytest.raises(NotReady):
        service.rerank(Content(text="which?"), [Content(text="yes")])


def test_each_query_is_judged_with_its_own_documents(make_service):
    service = make_service(TableReranker({"one": 0.1, "two": 0.2, "three": 0.3}))

    judged = service.judge(
        [(Given("a"), [Given("one"), Given("two")]), (Given("b"), []), (Given("c"), [Given("three")])]
    )

    assert [[each.score for each in judgements] for judgements in judged] == [[0.1, 0.2], [], [0.3]]


def test_a_bad_query_among_several_is_named_by_its_place(make_service):
    with pytest.raises(InvalidInput) as refused:
        make_service(TableReranker({})).judge([(Given("a"), []), (Given(""), [])], query_param="queries[{}]".format)
    assert refused.value.param == "queries[1]"


def test_vectors_are_those_that_items_are_found_by(make_service):
    """Over several batches, texts and pictures mixed, in the order that was asked for."""
    service = make_service(None)
    service.settings = service.settings.model_copy(update={"encoder_batch_size": 2})
    red = Content(image=Image.new("RGB", (2000, 2000), (255, 0, 0)))

    vectors = service.embed([Given("red"), red, Given("blue"), Given("red mug"), red])

    assert vectors.shape == (5, service.encoder.dimension)
    assert vectors[[0, 1, 4]] == pytest.approx(ToyEncoder().encode_texts(["red"] * 3), abs=0.01)  # float32 means
    assert (vectors[[2, 3]] == ToyEncoder().encode_texts(["blue", "red mug"])).all()
    assert service.embed([]).shape == (0, service.encoder.dimension)


def test_what_has_no_single_vector_is_refused_by_its_place(make_service):
    both = Content(text="red", image=Image.new("RGB", (2, 2)))
    with pytest.raises(InvalidInput, match="one by one") as refused:
        make_service(None).embed([Given("red"), both])
    assert refused.value.param == "input[1]"


def test_whoever_watches_is_told_of_stages_and_steps(make_service):
    told: list[object] = []

    class Watcher:
        def stage(self, stage):
            told.append(stage)
            return nullcontext()

        def step(self, *, documents, tokens, seconds):
            told.append(documents)
            assert seconds >= 0

    service = make_service(TableReranker({}))
    service.observer = Watcher()
    service.upsert("toys", [record("text", "red mug"), record("other", "blue mug")])
    service.engine().search("red")
    service.embed([Given("red")])

    assert told == ["ingest", "encode", "recall", "rerank", 2, "embed"]


def test_whoever_has_documents_reranked_is_told_how_many_are(make_service):
    told: list[int] = []
    documents = [Content(text=f"text {n}") for n in range(70)]

    make_service(TableReranker({})).rerank(Content(text="q"), documents, watch=told.append)

    assert told == [32, 64, 70]


def test_whoever_has_several_queries_judged_is_told_of_all_documents_together(make_service):
    told: list[int] = []
    asked = [(Content(text="q"), [Content(text="a")] * 40), (Content(text="r"), [Content(text="b")] * 2)]

    make_service(TableReranker({})).judge(asked, watch=told.append)

    assert told == [32, 40, 42]
