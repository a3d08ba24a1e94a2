"""The shipped weights: both load by the ordinary ways and carry real signal on scenes that no training saw."""

from pathlib import Path

import open_clip
import pytest
import torch
import torch.nn.functional as F
from PIL import Image
from transformers import AutoProcessor, Qwen2_5_VLForConditionalGeneration

import demo
from content import Content
from demo.catalogue import evaluation_set, generate
from demo.training.tokenizer import SPECIAL
from reranker.prompt import messages

MODELS = Path(demo.__file__).parent / "models"


@pytest.fixture(scope="module")
def encoder():
    name = f"local-dir:{MODELS / 'encoder'}"
    model, preprocess = open_clip.create_model_from_pretrained(name)
    return model.eval(), preprocess, open_clip.get_tokenizer(name)


@pytest.fixture(scope="module")
def reranker():
    model = Qwen2_5_VLForConditionalGeneration.from_pretrained(MODELS / "reranker", dtype=torch.float32)
    return model.eval(), AutoProcessor.from_pretrained(MODELS / "reranker")


@pytest.fixture(scope="module")
def items():
    return evaluation_set(items=200, queries=50).items


def test_both_models_together_stay_under_12_megabytes():
    assert sum(path.stat().st_size for path in MODELS.rglob("*") if path.is_file()) < 12e6


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_encoder_recalls_held_out_scenes_in_both_directions(encoder, items, language):
    model, preprocess, tokenizer = encoder
    with torch.inference_mode():
        pictures = F.normalize(model.encode_image(torch.stack([preprocess(one.picture()) for one in items])), dim=-1)
        texts = F.normalize(
            model.encode_text(tokenizer([one.caption(language, i % 4) for i, one in enumerate(items)])), dim=-1
        )
    for table in (texts @ pictures.T, pictures @ texts.T):
        ranks = (table > table.diagonal()[:, None]).sum(-1)
        assert (ranks < 10).float().mean() > 0.95  # by chance 0.05
        assert (ranks == 0).float().mean() > 0.4


@pytest.mark.parametrize(
    ("query", "shape", "colour"),
    [("blue bag", "bag", "blue"), ("红色杯子", "mug", "red"), ("orange hat", "hat", "orange")],
)
def test_the_encoder_recalls_what_people_type(encoder, query, shape, colour):
    """Two words say little: what they name must come up among the candidates, in whatever order."""
    model, preprocess, tokenizer = encoder
    found = list(generate("test", 400, seed=11))
    with torch.inference_mode():
        pictures = F.normalize(model.encode_image(torch.stack([preprocess(one.picture()) for one in found])), dim=-1)
        scores = (F.normalize(model.encode_text(tokenizer([query])), dim=-1) @ pictures.T)[0]
    shown = torch.tensor([any((g.shape, g.colour) == (shape, colour) for g in one.scene.groups) for one in found])
    candidates = scores.topk(100).indices
    assert 3 < shown.sum() < 40
    assert shown[candidates].sum() > 0.6 * shown.sum()  # by chance 0.25


def test_yes_and_no_are_single_tokens_and_qwens_special_tokens_are_there(reranker):
    _, processor = reranker
    for word in ("yes", "no"):
        assert len(processor.tokenizer.encode(word)) == 1
    for token in SPECIAL:
        assert processor.tokenizer.encode(token) == [processor.tokenizer.convert_tokens_to_ids(token)]


@pytest.mark.parametrize("text", ["", "Ünïcödé 🙂 \u0000 漢字\n\ttabs", "<|im_end|> as text", "a" * 3000])
def test_any_text_survives_the_tokenizer(reranker, text):
    tokenizer = reranker[1].tokenizer
    assert tokenizer.decode(tokenizer.encode(text)) == text


@pytest.mark.parametrize("size", [(1, 1), (3, 500), (640, 480), (112, 112)])
def test_pictures_of_any_size_are_judged(reranker, size):
    logits = _logits(reranker, Content(text="red mug"), Content(image=Image.new("RGB", size, "red")))
    assert torch.isfinite(logits).all()


def _logits(reranker, query: Content, document: Content) -> torch.Tensor:
    """(2,): yes and no, by the plainest possible forward."""
    model, processor = reranker
    text = processor.apply_chat_template(
        messages("Given a text query, retrieve images that match the description", query, document),
        tokenize=False,
        add_generation_prompt=True,
    )
    pictures = [one.image for one in (query, document) if one.image is not None]
    inputs = processor(text=[text], images=pictures or None, return_tensors="pt")
    with torch.inference_mode():
        last = model(**inputs, logits_to_keep=1).logits[0, -1]
    return last[processor.tokenizer.convert_tokens_to_ids(["yes", "no"])]
