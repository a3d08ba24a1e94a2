"""The scores are the model card's: on every kind of pair, alone and in batches, in any order and company."""

import random
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import torch
from support.card_reference import card_score

from content import Content
from reranker import INSTRUCTIONS, LycheeReranker
from reranker.checkpoint import load

INSTRUCTION = INSTRUCTIONS["product-search"]
LYCHEE = (4 * 28 * 28, 1280 * 28 * 28)  # pixels of the smallest and the largest picture
DEMO = Path(__file__).parents[2] / "demo" / "models" / "reranker"


def contents(picture, sizes):
    """Texts, pictures and both, of very different lengths, in English and Chinese."""
    first, second, third = (picture(*size, seed) for seed, size in enumerate(sizes))
    return [
        Content(text="a"),
        Content(text="two red striped mugs next to a blue bag"),
        Content(text="  两个红色条纹的杯子在蓝色的包旁边。\n" * 9),
        Content(image=first),
        Content(image=second),
        Content(text="a small bag", image=third),
        Content(text="one of these is not like the others, " * 30, image=first),
    ]


def check_against_card(reranker, checkpoint, queries, documents, pixels=LYCHEE, tolerance=1e-5):
    """Returns how far apart the scores of each query lie: where they are all the same, equality means little."""
    spreads = []
    for query in queries:
        expected = [
            card_score(checkpoint.model, checkpoint.processor, INSTRUCTION, query, document, pixels)
            for document in documents
        ]
        together = reranker.score(INSTRUCTION, query, documents)
        alone = [reranker.score(INSTRUCTION, query, [document])[0] for document in documents]
        assert [result.score for result in together] == pytest.approx(expected, abs=tolerance)
        assert [result.score for result in alone] == pytest.approx(expected, abs=tolerance)
        spreads.append(max(expected) - min(expected))
    return spreads


def test_scores_equal_the_card_for_pictures_of_any_size(tiny, tiny_parts, picture):
    documents = contents(picture, [(112, 112), (300, 40), (31, 190)])
    queries = [documents[1], documents[4], documents[5]]
    assert min(check_against_card(tiny, tiny_parts, queries, documents)) > 1e-3


def test_scores_equal_the_card_at_the_pixel_bounds(tiny, tiny_parts, picture):
    documents = [Content(image=picture(9, 5)), Content(image=picture(1300, 1100)), Content(text="a mug")]
    assert min(check_against_card(tiny, tiny_parts, [Content(text="a mug")], documents)) > 1e-3


def test_scores_of_the_demo_model_equal_the_card(picture):
    reranker = LycheeReranker.from_pretrained(DEMO, device="cpu", dtype="fp32", batch_size=4)
    parts = load(DEMO, device=torch.device("cpu"), dtype=torch.float32)
    documents = contents(picture, [(112, 112), (112, 112), (400, 300)])
    queries = [documents[1], documents[3], documents[5]]
    own = parts.processor.image_processor.size
    pixels = (max(LYCHEE[0], own["shortest_edge"]), min(LYCHEE[1], own["longest_edge"]))
    assert min(check_against_card(reranker, parts, queries, documents, pixels)) > 1e-3


def test_scores_equal_the_card_for_a_model_with_a_head_of_its_own(tiny_folder, picture):
    """The 7B checkpoint does not share its output head with the embedding, as small ones do."""
    parts = load(tiny_folder, device=torch.device("cpu"), dtype=torch.float32)
    head = torch.randn(parts.model.lm_head.weight.shape, generator=torch.Generator().manual_seed(1)) / 10
    parts.model.lm_head.weight = torch.nn.Parameter(head)
    documents = contents(picture, [(56, 56), (84, 56), (56, 84)])
    reranker = LycheeReranker(parts.model, parts.processor)
    assert min(check_against_card(reranker, parts, [documents[5]], documents)) > 1e-3


def test_a_score_is_the_softmax_of_its_logits(tiny):
    (result,) = tiny.score(INSTRUCTION, Content(text="a mug"), [Content(text="a blue mug")])
    assert result.score == pytest.approx(torch.softmax(torch.tensor(result.logits), 0)[0].item(), abs=1e-7)


def test_order_and_company_change_no_score(tiny, picture):
    documents = contents(picture, [(112, 112), (200, 60), (60, 90)])
    query = Content(text="a bag", image=picture(80, 80, 9))
    scores = [result.score for result in tiny.score(INSTRUCTION, query, documents)]
    chooser = random.Random(3)
    for _ in range(3):
        some = chooser.sample(range(len(documents)), k=chooser.randint(2, len(documents)))
        results = tiny.score(INSTRUCTION, query, [documents[index] for index in some])
        assert [result.score for result in results] == pytest.approx([scores[index] for index in some], abs=1e-5)


def test_bf16_stays_near_float32(tiny, tiny_folder, picture):
    half = LycheeReranker.from_pretrained(tiny_folder, device="cpu", dtype="bf16")
    documents = contents(picture, [(112, 112), (200, 60), (60, 90)])
    query = Content(text="two red striped mugs")
    exact = [result.score for result in tiny.score(INSTRUCTION, query, documents)]
    assert [result.score for result in half.score(INSTRUCTION, query, documents)] == pytest.approx(exact, abs=2e-2)


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
@pytest.mark.parametrize(("dtype", "tolerance"), [("fp32", 1e-4), ("bf16", 2e-2)])
def test_cuda_stays_near_the_cpu(tiny, tiny_folder, picture, dtype, tolerance):
    on_gpu = LycheeReranker.from_pretrained(tiny_folder, device="cuda", dtype=dtype, batch_size=3)
    documents = contents(picture, [(112, 112), (200, 60), (60, 90)])
    query = Content(text="a bag", image=picture(80, 80, 9))
    exact = [result.score for result in tiny.score(INSTRUCTION, query, documents)]
    results = on_gpu.score(INSTRUCTION, query, documents)
    assert [result.score for result in results] == pytest.approx(exact, abs=tolerance)


def test_a_query_given_by_instruction_name_is_judged_by_its_text(tiny):
    query, documents = Content(text="a mug"), [Content(text="a blue mug")]
    assert tiny.score("product-search", query, documents) == tiny.score(
        INSTRUCTIONS["product-search"], query, documents
    )
    assert tiny.score(None, query, documents) == tiny.score(INSTRUCTIONS["web-search"], query, documents)
    assert tiny.score("papers", query, documents) != tiny.score("web-search", query, documents)


def test_several_threads_get_the_scores_of_one(tiny, picture):
    documents = contents(picture, [(112, 112), (200, 60), (60, 90)])
    queries = [documents[index] for index in (1, 3, 5, 2)]
    alone = [[result.score for result in tiny.score(INSTRUCTION, query, documents)] for query in queries]
    with ThreadPoolExecutor(len(queries)) as pool:
        together = list(pool.map(lambda query: tiny.score(INSTRUCTION, query, documents), queries))
    for results, scores in zip(together, alone, strict=True):
        assert [result.score for result in results] == pytest.approx(scores, abs=1e-5)
