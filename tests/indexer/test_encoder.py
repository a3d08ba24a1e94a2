"""The open_clip encoder against open_clip itself, and what it says when it cannot load."""

import json
import logging
import shutil
import time

import numpy as np
import open_clip
import pytest
import torch
from PIL import Image
from support.tiny_open_clip import make_tiny_open_clip

from content.errors import ModelError
from indexer.encoder import OpenClipEncoder

WEIGHTS = "open_clip_model.safetensors"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return make_tiny_open_clip(tmp_path_factory.mktemp("model"))


@pytest.fixture(scope="module")
def encoder(folder):
    return OpenClipEncoder.from_pretrained(str(folder), device="cpu", batch_size=3)


@pytest.fixture
def broken(folder, tmp_path):
    return shutil.copytree(folder, tmp_path / "broken")


def pictures(count):
    rng = np.random.default_rng(1)
    return [Image.fromarray(rng.integers(0, 255, (20 + n, 50, 3), dtype=np.uint8)) for n in range(count)]


def test_vectors_are_open_clips_own(folder, encoder):
    model, preprocess = open_clip.create_model_from_pretrained(f"local-dir:{folder}")
    tokens = open_clip.get_tokenizer(f"local-dir:{folder}")(["a red mug", "杯子"])
    images = pictures(8)
    with torch.no_grad():
        texts = model.eval().encode_text(tokens, normalize=True).numpy()
        plain = model.encode_image(torch.stack([preprocess(image) for image in images]), normalize=True).numpy()
    np.testing.assert_allclose(encoder.encode_texts(["a red mug", "杯子"]), texts, atol=1e-5)
    np.testing.assert_allclose(encoder.encode_images(images), plain, atol=1e-5)


def test_properties_are_the_models(folder, encoder):
    assert encoder.name == str(folder)
    assert encoder.dimension == 24
    assert encoder.max_text_tokens == 20


def test_the_fingerprint_tells_weights_and_configuration_apart(folder, encoder, broken, tmp_path):
    assert OpenClipEncoder.from_pretrained(str(folder), device="cpu", dtype="bf16").fingerprint == encoder.fingerprint
    moved = shutil.copytree(folder, tmp_path / "moved")
    assert OpenClipEncoder.from_pretrained(str(moved), device="cpu").fingerprint == encoder.fingerprint
    other = make_tiny_open_clip(tmp_path / "other", seed=1)
    config = json.loads((broken / "open_clip_config.json").read_text())
    config["preprocess_cfg"]["mean"] = [0.1, 0.1, 0.1]
    (broken / "open_clip_config.json").write_text(json.dumps(config))
    fingerprints = {OpenClipEncoder.from_pretrained(str(one), device="cpu").fingerprint for one in (other, broken)}
    assert len(fingerprints | {encoder.fingerprint}) == 3


def test_pictures_of_any_shape_are_encoded_without_blowing_up(tmp_path):
    folder = make_tiny_open_clip(tmp_path / "shortest")
    config = json.loads((folder / "open_clip_config.json").read_text())
    config["preprocess_cfg"]["resize_mode"] = "shortest"
    (folder / "open_clip_config.json").write_text(json.dumps(config))
    encoder = OpenClipEncoder.from_pretrained(str(folder), device="cpu")
    sizes = []
    preprocess = encoder._preprocess
    encoder._preprocess = lambda image: (sizes.append(image.size), preprocess(image))[1]
    started = time.perf_counter()
    assert encoder.encode_images([Image.new("RGB", (1, 60_000)), Image.new("RGB", (60_000, 2))]).shape == (2, 24)
    assert time.perf_counter() - started < 5  # 32 x 1,920,000 pixels would take longer, and 180 MB
    assert sorted(sizes) == [(1, 16), (32, 2)]


def test_preparing_runs_ahead_of_the_model_but_not_far(folder):
    encoder = OpenClipEncoder.from_pretrained(str(folder), device="cpu", batch_size=4)
    prepared, ahead = [], []
    preprocess, features = encoder._preprocess, encoder._features_of_images
    encoder._preprocess = lambda image: (prepared.append(1), preprocess(image))[1]

    def slow(pixels):
        time.sleep(0.05)
        ahead.append(len(prepared) - 4 * len(ahead))
        return features(pixels)

    encoder._features_of_images = slow
    encoder.encode_images(pictures(40))
    assert len(prepared) == 40
    assert 4 < max(ahead) <= 3 * 4


def test_a_vector_that_is_not_finite_is_an_error(folder):
    encoder = OpenClipEncoder.from_pretrained(str(folder), device="cpu")
    encoder._preprocess = lambda image: torch.full((3, 32, 32), float("nan"))
    with pytest.raises(ModelError, match="not finite"):
        encoder.encode_images(pictures(1))


def test_loading_leaves_logging_and_its_callers_in_peace(folder, caplog, capfd):
    root = logging.getLogger()
    before = list(root.handlers), list(root.filters), root.level
    with caplog.at_level(logging.INFO):
        OpenClipEncoder.from_pretrained(str(folder), device="cpu")
    assert (list(root.handlers), list(root.filters), root.level) == before
    assert not [record for record in caplog.records if record.name == "root"]
    assert capfd.readouterr() == ("", "")


def refused(name, **options):
    with pytest.raises(ModelError) as caught:
        OpenClipEncoder.from_pretrained(str(name), **options)
    assert "\n" not in caught.value.message
    return caught.value


def test_a_missing_folder_is_named(tmp_path):
    error = refused(tmp_path / "nothing")
    assert str(tmp_path / "nothing") in error.message
    assert error.param == "encoder"


def test_a_folder_without_configuration_or_weights_says_which(folder, tmp_path):
    assert "open_clip_config.json" in refused(tmp_path).message
    shutil.copy(folder / "open_clip_config.json", tmp_path)
    assert "weights" in refused(tmp_path).message


def cut_weights(folder):
    (folder / WEIGHTS).write_bytes((folder / WEIGHTS).read_bytes()[:3000])


def empty_weights(folder):
    (folder / WEIGHTS).write_bytes(b"")


def no_json(folder):
    (folder / "open_clip_config.json").write_text("{")


def half_a_configuration(folder):
    (folder / "open_clip_config.json").write_text('{"model_cfg": {"embed_dim": 24}}')


def other_shapes(folder):
    path = folder / "open_clip_config.json"
    path.write_text(path.read_text().replace('"embed_dim": 24', '"embed_dim": 25'))


@pytest.mark.parametrize("harm", [cut_weights, empty_weights, no_json, half_a_configuration, other_shapes])
def test_a_broken_folder_is_refused_in_one_line(broken, harm):
    harm(broken)
    message = refused(broken).message
    assert str(broken) in message
    assert len(message) < 500


def test_an_unknown_model_lists_those_with_close_names():
    assert "ViT-B-16-SigLIP2-256" in refused("ViT-B-16-SigLIP2-265/webli").message
    assert "zzzzz" in refused("zzzzz").message
    refused("")


def test_unknown_or_missing_weights_list_those_that_there_are():
    assert "ViT-B-16-SigLIP2-256/webli" in refused("ViT-B-16-SigLIP2-256/laion").message
    assert "ViT-B-32/openai" in refused("ViT-B-32").message


@pytest.mark.parametrize("name", ["ViT-B-16-SigLIP2-256/webli", "hf-hub:somebody/something"])
def test_without_network_it_says_so_at_once(name, monkeypatch, tmp_path):
    def unresolved(*_):
        raise OSError(-2, "Name or service not known")

    monkeypatch.setattr("socket.getaddrinfo", unresolved)
    monkeypatch.setattr("indexer.hub.getproxies", dict)
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    assert "no network" in refused(name).message


@pytest.mark.parametrize(
    ("options", "param"),
    [({"device": "warp"}, "device"), ({"device": "cuda:99"}, "device"), ({"device": "cpu", "dtype": "int3"}, "dtype")],
)
def test_an_unknown_device_or_dtype_is_refused(folder, options, param):
    assert refused(folder, **options).param == param
