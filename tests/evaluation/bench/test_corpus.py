"""Texts and pictures are as long as they should be, and the same for the same seed."""

import pytest

from content.errors import InvalidInput
from demo.training.tokenizer import build_tokenizer
from evaluation.bench.corpus import PAIRS, Corpus, pairs_named


@pytest.fixture(scope="module")
def tokenizer():
    return build_tokenizer()


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


def test_a_picture_is_square(tokenizer):
    with pytest.raises(InvalidInput, match="square number"):
        Corpus(tokenizer, 200, seed=1)
