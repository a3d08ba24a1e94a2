import contextlib
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO

import numpy as np
import pytest
from PIL import Image
from support.hostile_files import huge_png
from support.toy_source import png

import indexer.pictures
from content.errors import NotAnImage, TooLarge
from content.images import load_image
from content.limits import ImageLimits
from content.stored import MAX_PIXELS
from indexer.pictures import MOST_PIXELS, PictureReader


def jpeg(image):
    buffer = BytesIO()
    image.save(buffer, "JPEG", quality=95)
    return buffer.getvalue()


def test_a_small_picture_is_encoded_and_stored_as_it_is():
    data = png((10, 20, 30), (40, 30))
    image, picture = PictureReader().read(data)
    assert image.size == (40, 30)
    assert image.getpixel((0, 0)) == (10, 20, 30)
    assert load_image(picture.data).tobytes() == image.tobytes()


@pytest.mark.parametrize("size", [(2400, 1200), (3600, 2400), (5000, 4000)])  # one for each tier of size
def test_a_large_picture_is_scaled_down_alike_for_both(size):
    gradient = Image.linear_gradient("L").resize(size).convert("RGB")
    image, picture = PictureReader().read(jpeg(gradient))
    assert image.width * image.height <= MAX_PIXELS
    assert image.width / image.height == pytest.approx(size[0] / size[1], rel=0.01)
    stored = load_image(picture.data)
    assert stored.size == image.size
    assert np.abs(np.asarray(stored, float) - np.asarray(image, float)).mean() < 2


def test_a_rendered_picture_is_taken_too():
    image, picture = PictureReader().read(lambda: Image.new("L", (2000, 1000), 77))
    assert image.mode == "RGB"
    assert image.width * image.height <= MAX_PIXELS
    assert load_image(picture.data).getpixel((5, 5)) == (77, 77, 77)


def test_what_is_no_picture_is_refused():
    with pytest.raises(NotAnImage) as caught:
        PictureReader().read(b"no picture")
    assert caught.value.param == "image"
    with pytest.raises(TooLarge, match="pixels"):
        PictureReader().read(huge_png())
    with pytest.raises(TooLarge, match="bytes"):
        PictureReader().read(b"\x89PNG" + bytes(21 << 20))


def test_large_pictures_are_decoded_one_at_a_time(monkeypatch):
    inside, most = 0, 0
    lock = threading.Lock()
    decode = indexer.pictures.decode

    def watched(data, *, limits, param):
        nonlocal inside, most
        if limits.max_pixels < 50_000_000:
            return decode(data, limits=limits, param=param)
        with lock:
            inside += 1
            most = max(most, inside)
        time.sleep(0.02)
        with lock:
            inside -= 1
        return decode(png((1, 2, 3)), limits=limits, param=param)

    monkeypatch.setattr(indexer.pictures, "decode", watched)
    reader, data = PictureReader(), png((1, 2, 3), (5000, 4000))
    threads = [threading.Thread(target=reader.read, args=(data,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert most == 1
    assert reader.read(png((9, 9, 9)))[0].size == (8, 6)  # nothing is left taken


@pytest.mark.parametrize(
    ("data", "times"),
    [(png((1, 2, 3), (100, 50)), 1), (png((1, 2, 3), (5000, 4000)), 2), (b"\xff\xd8\xff" + bytes(2 << 20), 1)],
)
def test_a_file_is_opened_twice_at_most(monkeypatch, data, times):
    """What is slow to open would be as slow again for each size that it may have."""
    opened = []
    decode = indexer.pictures.decode
    monkeypatch.setattr(
        indexer.pictures, "decode", lambda data, **options: opened.append(options) or decode(data, **options)
    )
    with contextlib.suppress(TooLarge):
        PictureReader().read(data)
    assert len(opened) == times


def test_limits_that_are_given_hold_however_small_or_large():
    data = png((1, 2, 3), (100, 50))
    assert PictureReader(ImageLimits(max_pixels=5_000)).read(data)[0].size == (100, 50)
    with pytest.raises(TooLarge, match="at most 4,999"):
        PictureReader(ImageLimits(max_pixels=4_999)).read(data)
    with pytest.raises(TooLarge, match="at most 10"):
        PictureReader(ImageLimits(max_bytes=10)).read(data)


def test_a_picture_to_look_at_is_no_larger_than_any_model_sees():
    small, large = (png((10, 20, 30), size) for size in ((1000, 900), (5000, 4000)))
    assert PictureReader().look(small, param="query.image").size == (1000, 900)
    width, height = PictureReader().look(large, param="query.image").size
    assert width / height == pytest.approx(5 / 4, rel=0.01)
    assert 0.99 * MOST_PIXELS < width * height <= MOST_PIXELS
    with pytest.raises(NotAnImage) as caught:
        PictureReader().look(b"no picture", param="query.image")
    assert caught.value.param == "query.image"


def test_a_large_picture_has_its_turn_among_small_ones_without_end():
    reader, large, small = PictureReader(), png((1, 2, 3), (5000, 4000)), png((1, 2, 3), (1500, 1500))
    done = threading.Event()

    def keep_decoding():
        while not done.is_set():
            reader.look(small, param="image")

    threads = [threading.Thread(target=keep_decoding) for _ in range(12)]
    for thread in threads:
        thread.start()
    try:
        with ThreadPoolExecutor(1) as pool:
            assert pool.submit(reader.look, large, param="image").result(30).width > 1
    finally:
        done.set()
        for thread in threads:
            thread.join(timeout=30)
