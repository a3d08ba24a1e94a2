import shutil

import pytest
from support.adapters import adapted, write_adapter


@pytest.fixture(scope="module")
def model(tiny_folder):
    return adapted(tiny_folder)


@pytest.fixture(scope="module")
def folder(model, tiny_folder, tmp_path_factory):
    return write_adapter(model, tmp_path_factory.mktemp("adapter") / "tuned", tiny_folder)


@pytest.fixture
def copy(folder, tmp_path):
    """One that may be broken."""
    return shutil.copytree(folder, tmp_path / "copy")
