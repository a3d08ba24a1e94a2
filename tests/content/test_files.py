"""Files are read under their root and nowhere else."""

import os

import pytest

from content.errors import InvalidInput, NotFound, TooLarge
from content.files import read_file, read_image_file
from content.limits import ImageLimits


@pytest.fixture
def root(tmp_path):
    folder = tmp_path / "root"
    (folder / "sub").mkdir(parents=True)
    (folder / "sub" / "图 1.jpg").write_bytes(b"picture")
    (tmp_path / "secret.txt").write_bytes(b"secret")
    (tmp_path / "root-but-not-it").mkdir()
    (tmp_path / "root-but-not-it" / "x").write_bytes(b"secret")
    return folder


def test_reads_relative_and_absolute_paths(root):
    assert read_image_file("sub/图 1.jpg", root) == b"picture"
    assert read_image_file(root / "sub" / "图 1.jpg", root) == b"picture"
    assert read_image_file("sub/../sub/图 1.jpg", root) == b"picture"


def test_follows_links_inside(root):
    (root / "link.jpg").symlink_to("sub/图 1.jpg")
    assert read_image_file("link.jpg", root) == b"picture"


@pytest.mark.parametrize(
    "path",
    ["../secret.txt", "sub/../../secret.txt", "/etc/hostname", "../root-but-not-it/x", "out.jpg", "way/secret.txt"],
)
def test_refuses_what_lies_outside(path, root):
    (root / "out.jpg").symlink_to(root.parent / "secret.txt")
    (root / "way").symlink_to(root.parent)
    with pytest.raises(InvalidInput, match="leads out of the folder"):
        read_image_file(path, root)


def test_a_root_that_is_a_link_is_a_root(root, tmp_path):
    (tmp_path / "alias").symlink_to(root)
    assert read_image_file("sub/图 1.jpg", tmp_path / "alias") == b"picture"


@pytest.mark.timeout(10)
def test_refuses_what_is_no_file(root):
    os.mkfifo(root / "pipe")
    (root / "itself").symlink_to("itself")
    for path in ("sub", "pipe", "itself", "nul\0", "."):
        with pytest.raises(InvalidInput):
            read_image_file(path, root, param="--image")


def test_devices_are_refused(root):
    with pytest.raises(InvalidInput, match="not a regular file"):
        read_file("/dev/zero", root.__class__("/"), 10)


def test_missing_files_are_named(root):
    for path in ("nowhere.jpg", "sub/图 1.jpg/inside", "x" * 300):
        with pytest.raises((NotFound, InvalidInput)) as caught:
            read_image_file(path, root, param="--image")
        assert caught.value.param == "--image"
    with pytest.raises(NotFound, match=r"nowhere\.jpg"):
        read_image_file("nowhere.jpg", root)


def test_size_is_checked_before_reading(root):
    with (root / "huge.jpg").open("wb") as file:
        file.truncate(1 << 40)  # a sparse file: reading it would not end
    with pytest.raises(TooLarge, match="1,099,511,627,776 bytes"):
        read_image_file("huge.jpg", root)
    with pytest.raises(TooLarge):
        read_image_file("sub/图 1.jpg", root, ImageLimits(max_bytes=6))
    assert read_image_file("sub/图 1.jpg", root, ImageLimits(max_bytes=7)) == b"picture"
