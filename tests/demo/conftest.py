"""Small galleries for the trainings."""

import pytest


@pytest.fixture(scope="session")
def galleries(tmp_path_factory):
    """(train, validation), with pictures of their own for both sides."""
    from demo.training.gallery import open_gallery

    folder = tmp_path_factory.mktemp("pictures")
    return open_gallery(folder, "train", 160, 1, again=60, odd=80), open_gallery(
        folder, "validation", 40, 1, again=40, odd=40
    )
