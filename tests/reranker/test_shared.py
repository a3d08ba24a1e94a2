"""The shared-prefix pass against the plain one: the same scores, for less work."""

import random
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from PIL import Image
from support.tiny_checkpoint import write_calm_checkpoint

from content import Content, Unreadable
from content.errors import InvalidInput, ModelError
from reranker import LycheeReranker
from reranker.checkpoint import load
from reranker.decoder import Decoder
from reranker.feature_memory import MemoryFeatures
from reranker.writer import PromptWriter

INSTRUCTION = "Given a product image and description, retrieve similar products"
# Beginnings that a tokenizer may join with the colon before them.
BEGINNINGS = ["", ":", "::)", "//", "\n\n", " ", "...", "9", "的", "\u3000", "<|im_end|>", "é", "😀"]
texts = st.builds(
    lambda beginning, words, count: beginning + " ".join((words * 60)[:count]),
    st.sampled_from(BEGINNINGS),
    st.lists(st.sampled_from(["two", "red", "mugs", "红色的", "杯子", "a-1234", "next to"]), min_size=1, max_size=7),
    st.integers(1, 60),
)
pictures = st.builds(
    lambda width, height, seed: Image.fromarray(
        np.random.default_rng(seed).integers(0, 256, (6, 6, 3), dtype=np.uint8)
    ).resize((width, height), Image.Resampling.NEAREST),
    st.integers(20, 300),
    st.integers(20, 300),
    st.integers(0, 5),
)
contents = st.one_of(
    texts.map(lambda text: Content(text=text)),
    pictures.map(lambda picture: Content(image=picture)),
    st.builds(lambda text, picture: Content(text, picture), texts, pictures),
)
requests = st.tuples(contents, st.lists(contents, min_size=1, max_size=7), st.sampled_from([1, 90, 400, 4096]))
quickly = settings(
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],  # shrinking a failure would take minutes
    suppress_health_check=[HealthCheck.too_slow],
)


def scores(reranker, query, documents):
    judgements = reranker.score(INSTRUCTION, query, documents)
    assert all(judgement.error is None for judgement in judgements)
    return [judgement.score for judgement in judgements]


@pytest.fixture(scope="module")
def plain(tiny_parts):
    return LycheeReranker(tiny_parts.model, tiny_parts.processor, passes="plain", batch_size=3)


@pytest.fixture(scope="module")
def half(tmp_path_factory):
    folder = write_calm_checkpoint(tmp_path_factory.mktemp("calm"))
    return load(folder, device=torch.device("cpu"), dtype=torch.bfloat16)


@settings(quickly, max_examples=40)
@given(requests)
def test_scores_equal_the_plain_ones(tiny_parts, plain, request):
    query, documents, budget = request
    shared = LycheeReranker(tiny_parts.model, tiny_parts.processor, batch_tokens=budget)
    assert scores(shared, query, documents) == pytest.approx(scores(plain, query, documents), abs=1e-5)


@settings(quickly, max_examples=15)
@given(requests)
def test_scores_equal_the_plain_ones_in_bf16(half, request):
    query, documents, budget = request
    shared = LycheeReranker(half.model, half.processor, batch_tokens=budget)
    plain = LycheeReranker(half.model, half.processor, passes="plain", batch_size=3)
    assert scores(shared, query, documents) == pytest.approx(scores(plain, query, documents), abs=1e-2)


@settings(quickly, max_examples=20)
@given(requests, st.randoms(use_true_random=False))
def test_a_score_depends_on_neither_neighbours_nor_order_nor_what_was_seen_before(tiny_parts, request, chooser):
    query, documents, budget = request
    store = MemoryFeatures(2**26)
    shared = LycheeReranker(tiny_parts.model, tiny_parts.processor, batch_tokens=budget, features=store)
    together = scores(shared, query, documents)
    order = chooser.sample(range(len(documents)), k=len(documents))
    assert scores(shared, query, [documents[index] for index in order]) == pytest.approx(
        [together[index] for index in order], abs=1e-5
    )
    chosen = chooser.randrange(len(documents))
    assert scores(shared, query, [documents[chosen]]) == pytest.approx([together[chosen]], abs=1e-5)


def test_the_query_is_read_once_and_a_request_that_asks_the_same_does_not_read_it_again(
    tiny_parts, picture, monkeypatch
):
    read = []
    whole = Decoder.read_prefix

    def counting(self, hidden, positions, before):
        read.append(len(hidden))
        return whole(self, hidden, positions, before)

    monkeypatch.setattr(Decoder, "read_prefix", counting)
    reranker = LycheeReranker(tiny_parts.model, tiny_parts.processor, batch_tokens=50)
    query = Content("a mug", picture(60, 60))
    documents = [Content(text=f"mug number {number} of many") for number in range(9)]
    assert len(list(reranker.steps(INSTRUCTION, query, documents))) > 3
    scores(reranker, query, documents)
    scores(reranker, Content("a mug", picture(60, 60)), documents)
    assert len(read) == 1
    scores(reranker, Content("a jug", picture(60, 60)), documents)
    assert len(read) == 2
    assert read[1] < read[0] / 2  # system and instruction are known by now


def test_what_prefixes_have_in_common_is_read_once_and_changes_no_score(tiny_parts, plain, picture):
    reranker = LycheeReranker(tiny_parts.model, tiny_parts.processor)
    documents = [Content(text="a mug"), Content("a jug", picture(60, 60, 2))]
    queries = [
        Content(text="two red mugs"),
        Content(text="two red mugs next to a bag"),
        Content(text="two"),
        Content("two red mugs", picture(60, 60)),
        Content("two red mugs", picture(60, 60, 1)),
        Content("two red mugs", picture(90, 60)),
        Content(text="two red mugs"),
    ]
    for query in queries:
        assert scores(reranker, query, documents) == pytest.approx(scores(plain, query, documents), abs=1e-5)


def test_queries_at_once_are_read_once_each_however_little_is_kept_for_later(tiny_parts, plain, monkeypatch):
    monkeypatch.setattr("reranker.shared.PREFIX_BYTES", 1)
    read = []
    whole = Decoder.read_prefix

    def counting(self, *arguments):
        read.append(1)
        return whole(self, *arguments)

    monkeypatch.setattr(Decoder, "read_prefix", counting)
    reranker = LycheeReranker(tiny_parts.model, tiny_parts.processor, batch_tokens=40)
    documents = [Content(text=f"mug number {number}") for number in range(6)]
    queries = [Content(text="a mug"), Content(text="a red jug")]
    steps = [reranker.steps(INSTRUCTION, query, documents) for query in queries]
    found = [{}, {}]
    for pair in zip(*steps, strict=True):
        for answers, step in zip(found, pair, strict=True):
            answers.update(step())
    for answers, query in zip(found, queries, strict=True):
        assert len(read) == 2
        own = [answers[place].score for place in range(len(documents))]
        assert own == pytest.approx(scores(plain, query, documents), abs=1e-5)


def test_a_tokeniser_that_joins_the_heading_with_the_document_is_followed(tiny_parts, monkeypatch):
    """That of the demo joins nothing; here three tokens of the heading and one of the document become one."""
    whole = PromptWriter.write

    def joining(self, instruction, query, document, pictures):
        tokens = whole(self, instruction, query, document, pictures)
        if document is None or not (document.text or "").startswith("//"):
            return tokens
        other = whole(self, instruction, query, Content(text="a"), pictures)
        place = next(index for index, pair in enumerate(zip(tokens, other, strict=False)) if pair[0] != pair[1])
        return [*tokens[: place - 3], 70, *tokens[place + 1 :]]

    monkeypatch.setattr(PromptWriter, "write", joining)
    documents = [Content(text=text) for text in ("a mug", "//two mugs", "a jug", "//two jugs", "//a red mug and a bag")]
    shared = LycheeReranker(tiny_parts.model, tiny_parts.processor)
    plain = LycheeReranker(tiny_parts.model, tiny_parts.processor, passes="plain")
    query = Content(text="two red mugs")
    assert scores(shared, query, documents) == pytest.approx(scores(plain, query, documents), abs=1e-5)


def test_many_threads_with_queries_of_their_own_get_the_scores_of_one(tiny_parts):
    reranker = LycheeReranker(tiny_parts.model, tiny_parts.processor)
    documents = [Content(text="a mug"), Content(text="a jug")]
    queries = [Content(text=f"{'red ' * (number % 7)}mug number {number}") for number in range(120)]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda query: scores(reranker, query, documents), queries))
    for query, found in list(zip(queries, together, strict=True))[::20]:
        assert scores(reranker, query, documents) == pytest.approx(found, abs=1e-5)


def test_a_query_that_fails_is_tried_once_for_a_batch_and_told_of_each_document(tiny_parts, monkeypatch):
    tried = []

    def failing(self, *_):
        tried.append(1)
        raise torch.OutOfMemoryError("out of memory")

    monkeypatch.setattr(Decoder, "read_prefix", failing)
    reranker = LycheeReranker(tiny_parts.model, tiny_parts.processor)
    judged = reranker.score(INSTRUCTION, Content(text="a mug"), [Content(text="a jug")] * 9)
    assert len(tried) == 1
    assert all("too little memory for this query" in judgement.error for judgement in judged)


def test_memory_that_lacks_on_a_cpu_is_told_as_such(tiny_parts, monkeypatch):
    def failing(self, *_):
        raise RuntimeError("[enforce fail at alloc_cpu.cpp:127] DefaultCPUAllocator: can't allocate memory: 8 bytes")

    monkeypatch.setattr(Decoder, "read_documents", failing)
    reranker = LycheeReranker(tiny_parts.model, tiny_parts.processor)
    (judged,) = reranker.score(INSTRUCTION, Content(text="a mug"), [Content(text="a jug")])
    assert judged.error.startswith("the device has too little memory for this document of ")


@pytest.mark.parametrize("wrong", [{"passes": "fast"}, {"batch_tokens": 0}, {"batch_size": 0}], ids=str)
def test_a_pass_that_is_none_is_refused(tiny_parts, wrong):
    with pytest.raises(InvalidInput, match=next(iter(wrong))):
        LycheeReranker(tiny_parts.model, tiny_parts.processor, **wrong)


def test_batches_keep_within_their_tokens_and_a_single_document_need_not(tiny_parts):
    chooser = random.Random(3)
    documents = [Content(text="mug " * chooser.randint(1, 120)) for _ in range(40)]
    reranker = LycheeReranker(tiny_parts.model, tiny_parts.processor, batch_tokens=150)
    sizes = []
    for step in reranker.steps(INSTRUCTION, Content(text="a mug"), documents):
        judged = step().values()
        prefix = 0 if not sizes else sizes[0][2]
        sizes.append((len(judged), sum(judgement.tokens for judgement in judged), prefix))
    (alone,) = reranker.score(INSTRUCTION, Content(text="a mug"), [Content(text="mug")])
    head = alone.tokens - 15  # at least what every prompt repeats
    assert sum(count for count, _, _ in sizes) == 40
    assert all(tokens - count * head <= 150 + count * 15 or count == 1 for count, tokens, _ in sizes)
    assert any(count > 1 for count, _, _ in sizes)
    assert any(count == 1 for count, _, _ in sizes)


def test_documents_are_read_no_further_than_the_next_step_needs(tiny_parts):
    taken = []

    def documents():
        for number in range(100):
            taken.append(number)
            yield Content(text="a mug")

    reranker = LycheeReranker(tiny_parts.model, tiny_parts.processor, batch_tokens=60)
    steps = reranker.steps(INSTRUCTION, Content(text="a mug"), documents())
    next(steps)()
    assert len(taken) < 15


def test_an_unreadable_document_is_told_with_its_neighbours_and_alone(tiny):
    documents = [Unreadable("torn"), Content(text="a mug"), Unreadable("lost")]
    steps = tiny.steps(INSTRUCTION, Content(text="a mug"), documents)
    answers = {place: judgement for step in steps for place, judgement in step().items()}
    assert {place: answers[place].error for place in answers} == {0: "torn", 1: None, 2: "lost"}


def test_a_model_with_a_sliding_window_is_refused_with_the_way_out(tiny_folder):
    parts = load(tiny_folder, device=torch.device("cpu"), dtype=torch.float32)
    parts.model.model.language_model.has_sliding_layers = True
    with pytest.raises(ModelError, match="plain pass"):
        LycheeReranker(parts.model, parts.processor)
    LycheeReranker(parts.model, parts.processor, passes="plain")


def test_what_does_not_fit_at_once_is_judged_in_parts(tiny_parts, tiny, monkeypatch):
    documents = [Content(text=text) for text in ("a cup", "a mug " * 40, "a jug", "a bag")]
    undisturbed = scores(tiny, Content(text="a mug"), documents)
    whole = Decoder.read_documents

    def small(self, hidden, positions, packing, prefix):
        if len(hidden) > 60:
            raise torch.OutOfMemoryError("out of memory")
        return whole(self, hidden, positions, packing, prefix)

    monkeypatch.setattr(Decoder, "read_documents", small)
    reranker = LycheeReranker(tiny_parts.model, tiny_parts.processor)
    cup, mug, jug, bag = reranker.score(INSTRUCTION, Content(text="a mug"), documents)
    assert "too little memory" in mug.error
    others = [undisturbed[index] for index in (0, 2, 3)]
    assert [cup.score, jug.score, bag.score] == pytest.approx(others, abs=1e-5)
