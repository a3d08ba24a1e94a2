"""What every Encoder does: one space for texts and pictures, unit rows, input order, the same vector in any batch."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from support.tiny_open_clip import make_tiny_open_clip
from support.toy_encoder import ToyEncoder

from indexer.encoder import OpenClipEncoder
from indexer.protocols import Encoder

DEMO = Path(__file__).parents[2] / "demo" / "models" / "encoder"
TEXTS = ["a red mug", "两个红色杯子", "naïve café", "", "a blue bag " * 100, "🙂"]


def pictures():
    rng = np.random.default_rng(3)
    sizes = [(40, 30), (1, 1), (300, 7), (64, 64), (32, 50), (9, 200), (33, 33)]
    return [Image.fromarray(rng.integers(0, 255, (h, w, 3), dtype=np.uint8)) for w, h in sizes]


@pytest.fixture(scope="module", params=["toy", "open_clip fp32", "open_clip bf16", "demo"])
def kind(request):
    return request.param


@pytest.fixture(scope="module")
def encoder(kind, tmp_path_factory):
    if kind == "toy":
        return ToyEncoder()
    if kind == "demo":
        return OpenClipEncoder.from_pretrained(str(DEMO), device="cpu")
    folder = make_tiny_open_clip(tmp_path_factory.mktemp("encoder"))
    return OpenClipEncoder.from_pretrained(str(folder), device="cpu", dtype=kind.split()[1], batch_size=3)


def test_it_is_an_encoder(encoder):
    assert isinstance(encoder, Encoder)
    assert encoder.name
    assert encoder.fingerprint
    assert encoder.max_text_tokens > 1


def test_nothing_gives_no_rows(encoder):
    assert encoder.encode_texts([]).shape == (0, encoder.dimension)
    assert encoder.encode_images([]).shape == (0, encoder.dimension)


def test_tokens_are_counted_up_to_what_is_read(encoder):
    nothing, word, longer, endless = encoder.count_tokens(["", "red", "red green blue", "red " * 1000])
    assert 0 <= nothing < word < longer < endless == encoder.max_text_tokens
    assert encoder.count_tokens([]) == []
    assert encoder.count_tokens(TEXTS) == [encoder.count_tokens([text])[0] for text in TEXTS]


def test_only_a_text_with_all_the_tokens_that_are_read_may_have_been_cut(encoder):
    words = next(
        count for count in range(1, 100) if encoder.count_tokens(["red " * count]) == [encoder.max_text_tokens]
    )
    fits, full = "red " * (words - 1), "red " * words
    behind = encoder.encode_texts([f"{fits} blue", f"{full} blue", full])
    assert not np.allclose(encoder.encode_texts([fits]), behind[0], atol=1e-3)
    np.testing.assert_allclose(behind[1], behind[2], atol=0.02)


@pytest.mark.parametrize("side", ["texts", "images"])
def test_rows_are_finite_float32_of_unit_length(encoder, side):
    vectors = encoder.encode_texts(TEXTS) if side == "texts" else encoder.encode_images(pictures())
    assert vectors.dtype == np.float32
    assert vectors.shape == (len(TEXTS if side == "texts" else pictures()), encoder.dimension)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


@pytest.mark.parametrize("side", ["texts", "images"])
def test_a_vector_does_not_depend_on_its_batch(encoder, kind, side):
    encode, things = (encoder.encode_texts, TEXTS) if side == "texts" else (encoder.encode_images, pictures())
    together = encode(things)
    alone = np.concatenate([encode([thing]) for thing in things])
    # bf16 has 8 bits, and rounds differently for matrices of another shape
    np.testing.assert_allclose(together, alone, atol=0.02 if kind.endswith("bf16") else 1e-5)
    assert len(np.unique(together.round(3), axis=0)) > 3  # and things do differ


def test_input_is_left_as_it_is(encoder):
    images, texts = pictures(), list(TEXTS)
    before = [image.tobytes() for image in images]
    encoder.encode_images(images)
    encoder.encode_texts(texts)
    assert texts == TEXTS
    assert [image.tobytes() for image in images] == before
