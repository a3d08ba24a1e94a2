"""What every Reranker promises, run on each of them."""

import pytest
from PIL import Image
from support.rating_checkpoint import write_rating_checkpoint
from support.tiny_checkpoint import write_tiny_checkpoint
from support.toy_reranker import ToyReranker

from content import Content, Unreadable
from evaluation.scores.cached import CachedReranker
from evaluation.scores.file import ScoreFile
from reranker import GenerativeReranker, LycheeReranker, Reranker

TEXT = Content(text="red mug")
PICTURE = Content(image=Image.new("RGB", (60, 40), "red"))
BOTH = Content(text="a red mug", image=Image.new("RGB", (40, 60), "maroon"))
DOCUMENTS = [Content(text="a red mug"), Content(text="a bag"), Content(image=Image.new("RGB", (64, 64), "navy")), BOTH]


@pytest.fixture(scope="module", params=["toy", "cached", "lychee", "rating"])
def reranker(request, tmp_path_factory) -> Reranker:
    if request.param == "toy":
        return ToyReranker()
    if request.param == "cached":
        return CachedReranker(ToyReranker(), ScoreFile(tmp_path_factory.mktemp("contract") / "scores.sqlite"))
    if request.param == "rating":
        folder = write_rating_checkpoint(tmp_path_factory.mktemp("contract"))
        return GenerativeReranker.from_pretrained(folder, device="cpu", dtype="fp32", batch_size=2)
    folder = write_tiny_checkpoint(tmp_path_factory.mktemp("contract"))
    return LycheeReranker.from_pretrained(folder, device="cpu", dtype="fp32", batch_size=2)


@pytest.fixture(params=[TEXT, PICTURE, BOTH], ids=["text", "image", "mixed"])
def query(request):
    return request.param


def scores(results):
    return [result.score for result in results]


def test_one_judgement_per_document_in_their_order(reranker, query):
    results = reranker.score(None, query, DOCUMENTS)
    assert len(results) == len(DOCUMENTS)
    assert all(result.error is None and 0 <= result.score <= 1 for result in results)
    backwards = reranker.score(None, query, DOCUMENTS[::-1])
    assert scores(backwards)[::-1] == pytest.approx(scores(results), abs=1e-5)


def test_company_changes_no_score(reranker, query):
    together = reranker.score(None, query, DOCUMENTS)
    alone = [reranker.score(None, query, [document])[0] for document in DOCUMENTS]
    assert scores(alone) == pytest.approx(scores(together), abs=1e-5)


def test_the_same_document_twice_has_the_same_score(reranker, query):
    results = reranker.score(None, query, [DOCUMENTS[3], DOCUMENTS[0], DOCUMENTS[3]])
    assert results[0].score == pytest.approx(results[2].score, abs=1e-5)


def test_no_documents_give_no_judgements(reranker, query):
    assert reranker.score("Given a query, find it", query, []) == []


def test_the_unreadable_stands_in_its_place_and_harms_nobody(reranker, query):
    results = reranker.score(None, query, [DOCUMENTS[0], Unreadable("not a picture"), DOCUMENTS[1]])
    assert (results[1].score, results[1].error, results[1].logits) == (0.0, "not a picture", None)
    assert scores([results[0], results[2]]) == pytest.approx(
        scores(reranker.score(None, query, DOCUMENTS[:2])), abs=1e-5
    )


def test_only_the_unreadable(reranker, query):
    (result,) = reranker.score(None, query, [Unreadable("not a picture")])
    assert result.error == "not a picture"


def test_it_has_a_name_and_a_fingerprint_that_stay(reranker):
    assert reranker.name
    assert reranker.fingerprint
    assert reranker.fingerprint == reranker.fingerprint


def test_the_toy_can_be_worked_out_in_the_head():
    toy = ToyReranker()
    assert scores(toy.score(None, TEXT, DOCUMENTS)) == [1.0, 0.0, 0.0, 1.0]
    red, blue = (Content(image=Image.new("RGB", (4, 4), colour)) for colour in ("red", "blue"))
    assert scores(toy.score(None, red, [red, blue, TEXT])) == [1.0, 0.0, 1.0]
