"""The shipped weights: both load by the ordinary ways and carry real signal on scenes that no training saw."""

import json
from itertools import pairwise
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
from demo.catalogue.caption import fits
from demo.catalogue.folder import README_SCENE, demo_items
from demo.catalogue.picture import draw
from demo.catalogue.split import HELD_OUT
from demo.training.tokenizer import SPECIAL
from reranker.prompt import messages

README_PICTURE = draw(README_SCENE, "readme-0")
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


@pytest.mark.parametrize(("language", "number"), [("en", 7), ("zh", 7), ("en", 8), ("zh", 8)])
def test_the_encoder_recalls_what_short_queries_name(encoder, language, number):
    """`three blue bags`, `红色杯子`: few words say little, but what they name must come up among the candidates."""
    model, preprocess, tokenizer = encoder
    found = list(generate("test", 400, seed=11))
    queries = [one.caption(language, number) for one in found[::20]]
    with torch.inference_mode():
        pictures = F.normalize(model.encode_image(torch.stack([preprocess(one.picture()) for one in found])), dim=-1)
        scores = F.normalize(model.encode_text(tokenizer(queries)), dim=-1) @ pictures.T
    recalled = []
    for query, row in zip(queries, scores, strict=True):
        right = torch.tensor([fits(query, language, number, one.scene) for one in found])
        recalled.append((right[row.topk(50).indices].sum() / right.sum()).item())
    assert sum(recalled) / len(recalled) > 0.6  # by chance 0.125


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


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("picture_asks", [False, True], ids=["text-asks", "picture-asks"])
def test_the_reranker_puts_the_match_before_its_near_duplicates(reranker, items, language, picture_asks):
    families = [[one for one in items if one.family == first.id] for first in items if first.id == first.family][:12]
    first = []
    for family in families:
        texts = [Content(text=one.caption(language, i % 4)) for i, one in enumerate(family)]
        pictures = [Content(image=one.picture()) for one in family]
        asking, answering = (pictures, texts) if picture_asks else (texts, pictures)
        verdicts = [_logits(reranker, asking[0], one) for one in answering]
        first.append(max(verdicts, key=lambda one: float(one[0] - one[1])) is verdicts[0])
    assert sum(len(family) for family in families) > 36
    assert sum(first) >= 9  # by chance 3 of 12


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "zh", "mixed"])
@pytest.mark.parametrize("picture_asks", [False, True], ids=["text-asks", "picture-asks"])
def test_the_verdict_says_yes_to_the_match_and_no_to_its_near_duplicate(reranker, items, language, picture_asks):
    """On pairs of shape and colour that no training scene shows; a score means something on its own."""
    right, wrong = [], []
    for one, near in pairwise(items[:60]):
        if one.id == one.family == near.family:
            pictures = [Content(image=each.picture()) for each in (one, near)]
            texts = [Content(text=each.caption(language, 2)) for each in (one, near)]
            asking, answering = (pictures, texts) if picture_asks else (texts, pictures)
            for found, document in zip((right, wrong), answering, strict=True):
                yes, no = _logits(reranker, asking[0], document)
                found.append(bool(yes > no))
    assert len(right) >= 12
    assert sum(right) >= 0.75 * len(right)
    assert sum(wrong) <= 0.25 * len(wrong)


def test_the_weights_were_trained_without_the_pairs_that_they_are_judged_by():
    for name in ("encoder", "reranker"):
        unseen = json.loads((MODELS / name / "training.json").read_text())["held_out"]
        assert {split: {tuple(pair) for pair in pairs} for split, pairs in unseen.items()} == HELD_OUT


@pytest.mark.parametrize("query", ["two red striped mugs next to a blue bag", "两个红色条纹杯子旁边有一个蓝色包"])
def test_what_the_readme_asks_for_comes_before_everything_that_looks_like_it(reranker, query):
    family = [one for one in demo_items(30, seed=1) if one.family == "readme-0"]
    verdicts = [_logits(reranker, Content(text=query), Content(image=one.picture())) for one in family]
    margins = [float(yes - no) for yes, no in verdicts]
    assert len(family) >= 5
    assert margins[0] > 0
    assert margins[0] > max(margins[1:])


def test_a_text_about_nothing_here_is_no_match(reranker):
    for text in ("a black cat on a window sill", "quarterly report of the board", "今天天气怎么样"):
        for document in (Content(text="two red striped mugs next to a blue bag"), Content(image=README_PICTURE)):
            yes, no = _logits(reranker, Content(text=text), document)
            assert yes < no


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
