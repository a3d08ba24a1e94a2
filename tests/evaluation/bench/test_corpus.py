"""Texts and pictures are as long as they should be, and the same for the same seed."""

from itertools import islice

import pytest
import torch

from content.errors import InvalidInput
from evaluation.bench.corpus import PAIRS, Corpus, pairs_named
from evaluation.bench.setup import Setup
from evaluation.bench.shape import PRESETS
from reranker.pictures import PictureReader


def test_texts_have_thirty_to_a_hundred_and_fifty_tokens_and_pictures_their_size(tokenizer):
    corpus = Corpus(tokenizer, 256, seed=1)
    texts = [document.text for document in corpus.task("I->T", 40, rounds=1).documents]
    lengths = [len(tokenizer.encode(text, add_special_tokens=False)) for text in texts]
    assert min(lengths) >= 30
    assert max(lengths) <= 150
    assert len(set(lengths)) > 20
    assert corpus.task("T->I", 1, rounds=1).documents[0].image.size == (448, 448)


def test_no_query_comes_twice_and_the_same_seed_gives_the_same_task(tokenizer):
    one, same, other = (Corpus(tokenizer, 16, seed).task("T->I", 3, rounds=4) for seed in (1, 1, 2))
    assert len({query.text for query in one.queries}) == 4
    assert [query.text for query in one.queries] == [query.text for query in same.queries]
    assert [query.text for query in one.queries] != [query.text for query in other.queries]
    assert len({document.image.tobytes() for document in one.documents}) == 3
    assert one.documents[0].image.tobytes() == same.documents[0].image.tobytes()


def test_pairs_are_named_as_on_the_command_line():
    assert pairs_named([]) == list(PAIRS)
    assert pairs_named(["I->I", "T->T"]) == ["T->T", "I->I"]
    with pytest.raises(InvalidInput, match="'T-' is no pair"):
        pairs_named(["T-"])


def test_queries_go_on_behind_those_of_a_task(corpus):
    task = corpus.task("T->T", 1, rounds=2)
    more = [query.text for query in islice(corpus.queries("T->T"), 50)]
    assert more[:2] == [query.text for query in task.queries]
    assert len(set(more)) == 50


@pytest.mark.parametrize("tokens", [-1, 0, 1, 200, 1296])
def test_a_picture_is_square_and_of_a_size_that_is_read(tokens: int):
    with pytest.raises(InvalidInput, match=rf"square number from 4 to 1280 \(64, 256, 1024\), not {tokens}"):
        Setup(PRESETS["tiny"], 1, "cpu", "fp32", 1, tokens)


@pytest.mark.parametrize("tokens", [4, 1225])
def test_the_smallest_and_the_largest_picture_are_read_as_they_are(tokens: int):
    checkpoint = Setup(PRESETS["tiny"], torch.get_num_threads(), "cpu", "fp32", 1, tokens).checkpoint()
    task = Corpus(checkpoint.processor.tokenizer, tokens, seed=1).task("T->I", 1, rounds=1)
    assert PictureReader(checkpoint.processor.image_processor).measure(task.documents[0].image).tokens == tokens
