"""Texts and pictures to measure on."""

import pytest

from demo.training.tokenizer import build_tokenizer
from evaluation.bench.corpus import Corpus


@pytest.fixture(scope="session")
def tokenizer():
    return build_tokenizer()


@pytest.fixture
def corpus(tokenizer):
    return Corpus(tokenizer, 16, seed=1)
