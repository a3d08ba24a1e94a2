"""MTEB's wrappers of servers: it lists the models without a key, and asks for the score of one pair at a time."""

import numpy as np
import pytest
from PIL import Image
from support.compatibility import needs
from support.near_duplicates import BEST, QUERY

pytestmark = needs("mteb")


@pytest.fixture
def reranker(url):
    from mteb.models import OpenAIAPIRerankWrapper

    return OpenAIAPIRerankWrapper(endpoint_url=url, model_name="demo", api_key="any")


def scores(reranker, documents):
    """documents: the columns of a batch."""
    queries = [{"text": [QUERY] * 4}]
    given = reranker.predict(
        queries, [documents], task_metadata=None, hf_split="", hf_subset="", show_progress_bar=False
    )
    assert np.argmax(given) == BEST
    assert given[BEST] > 0.5 > np.delete(given, BEST).max()


@pytest.fixture
def images(near):
    opened = [Image.open(file) for file in near.files]
    yield opened
    for image in opened:
        image.close()


@pytest.mark.client("mteb", "OpenAIAPIRerankWrapper.predict", "text")
def test_pairs_of_texts(reranker, near):
    scores(reranker, {"text": list(near.captions)})


@pytest.mark.client("mteb", "OpenAIAPIRerankWrapper.predict", "picture")
def test_texts_with_pictures(reranker, images):
    scores(reranker, {"image": images})


@pytest.mark.client("mteb", "OpenAIAPIRerankWrapper.predict", "text and picture")
def test_texts_with_both(reranker, near, images):
    scores(reranker, {"image": images, "text": list(near.captions)})


def encode(encoder, documents):
    return encoder.encode([documents], task_metadata=None, hf_split="", hf_subset="", show_progress_bar=False)


@pytest.mark.client("mteb", "OpenAIAPIEncodeWrapper.encode", "text")
def test_vectors_of_texts(url, near):
    from mteb.models import OpenAIAPIEncodeWrapper

    encoder = OpenAIAPIEncodeWrapper(endpoint_url=url, model_name="demo", api_key="any", use_chat_template=False)
    vectors = encode(encoder, {"text": [QUERY, *near.captions]})
    assert np.argmax(vectors[1:] @ vectors[0]) == BEST


@pytest.mark.client("mteb", "OpenAIAPIEncodeWrapper.encode", "picture")
def test_vectors_of_pictures(url, images):
    from mteb.models import OpenAIAPIEncodeWrapper

    encoder = OpenAIAPIEncodeWrapper(endpoint_url=url, model_name="demo", api_key="any")
    (query,) = encode(encoder, {"text": [QUERY]})
    assert np.argmax(encode(encoder, {"image": images}) @ query) == BEST
