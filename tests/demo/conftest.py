"""Small galleries for the trainings."""

import pytest


@pytest.fixture(scope="session")
def galleries(tmp_path_factory):
    """(train, validation), with pictures of their own for both sides."""
    from demo.catalogue import generate
    from demo.training.gallery import open_gallery

    folder = tmp_path_factory.mktemp("pictures")
    train, watched = generate("train", 160, 1, wide=0.5), generate("validation", 40, 1, held_out=True)
    return open_gallery(folder, list(train), again=60, labels=10), open_gallery(
        folder, list(watched), again=40, labels=5
    )
