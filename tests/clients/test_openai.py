"""OpenAI's own client: vectors and models."""

import numpy as np
import pytest
from support.compatibility import needs
from support.near_duplicates import BEST, QUERY

pytestmark = needs("openai")


@pytest.fixture
def client(url):
    from openai import OpenAI

    with OpenAI(api_key="any", base_url=f"{url}/v1", max_retries=0) as client:
        yield client


def vectors(answer):
    assert [each.index for each in answer.data] == list(range(len(answer.data)))
    return np.array([each.embedding for each in answer.data])


@pytest.mark.client("openai", "OpenAI.embeddings.create", "text")
def test_texts_have_the_same_vectors_in_base64_which_the_client_asks_for_and_as_numbers(client, near):
    asked = {"model": "any", "input": [QUERY, *near.captions]}
    packed, plain = client.embeddings.create(**asked), client.embeddings.create(**asked, encoding_format="float")
    assert np.array_equal(vectors(packed), vectors(plain))
    assert np.linalg.norm(vectors(packed), axis=1) == pytest.approx(1, abs=1e-5)
    assert packed.usage.total_tokens > len(near.captions)


@pytest.mark.client("openai", "OpenAI.embeddings.create", "picture")
def test_pictures_lie_near_what_they_show(client, near):
    pictures = vectors(client.embeddings.create(model="any", input=[{"image": each} for each in near.pictures]))
    (query,) = vectors(client.embeddings.create(model="any", input=QUERY))
    assert np.argmax(pictures @ query) == BEST
    assert (pictures @ query)[BEST] > 0.5


@pytest.mark.client("openai", "OpenAI.embeddings.create", "error")
def test_the_client_raises_its_own_error_with_our_words(client):
    from openai import BadRequestError, UnprocessableEntityError

    with pytest.raises(BadRequestError, match="are not cut to 7") as caught:
        client.embeddings.create(model="any", input="a", dimensions=7)
    assert caught.value.param == "dimensions"
    with pytest.raises(UnprocessableEntityError, match="token ids"):
        client.embeddings.create(model="any", input=[1, 2, 3])


@pytest.mark.client("openai", "OpenAI.models.list", "text")
def test_the_models_are_listed_and_read(client):
    from openai import NotFoundError

    listed = client.models.list().data
    assert [model.id for model in listed] == ["demo"]
    assert client.models.retrieve("demo") == listed[0]
    with pytest.raises(NotFoundError):
        client.models.retrieve("gpt-4")
