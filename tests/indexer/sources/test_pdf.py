"""Every page of a PDF is an item of its picture and its text."""

import subprocess
import sys
import threading

import numpy as np
import pytest
from support.pdfs import locked_pdf, text_pdf
from support.pictures import mean_difference, picture

from content.stored import MAX_PIXELS
from indexer.sources import open_source
from indexer.sources.pdf import OpenPdfs


@pytest.fixture
def book(tmp_path):
    path = tmp_path / "書 1.pdf"
    path.write_bytes(text_pdf(["Two red mugs\nnext to a bag", "second page"]))
    return path


def test_pages(book, read_all):
    (first, second), refused = read_all(open_source(book))

    assert refused == {}
    assert [first.id, second.id] == ["書 1.pdf#page=1", "書 1.pdf#page=2"]
    assert first.text == "Two red mugs\nnext to a bag"
    assert second.text == "second page"
    assert [first.metadata, second.metadata] == [{"page": 1}, {"page": 2}]
    assert first.digest != second.digest


def test_pictures_of_pages(book, read_all):
    (first, _), _ = read_all(open_source(book))

    image = first.image()

    assert image.mode == "RGB"
    assert image.info == {}
    assert 0.9 < image.width * image.height / MAX_PIXELS <= 1.01
    assert image.width / image.height == pytest.approx(298 / 420, rel=0.01)
    dark = np.argwhere(np.asarray(image.convert("L")) < 128)
    assert len(dark) > 500  # the letters
    assert dark[:, 0].max() < image.height * 0.25  # which stand at the top, not at the foot
    assert image.getpixel((5, image.height - 5)) == (255, 255, 255)


def test_colours_are_not_swapped(tmp_path, read_all):
    photo = picture(300, 400)
    photo.save(tmp_path / "scan.pdf", resolution=72, quality=95)
    (page,), _ = read_all(open_source(tmp_path / "scan.pdf"))
    assert page.text is None
    assert mean_difference(page.image(), photo.resize(page.image().size)) < 8


def test_a_digest_holds_as_long_as_the_file(book, read_all):
    before = [record.digest for record in read_all(open_source(book))[0]]
    assert [record.digest for record in read_all(open_source(book))[0]] == before
    book.write_bytes(text_pdf(["Two red mugs\nnext to a bag", "another second page"]))
    assert all(new != old for new, old in zip([r.digest for r in read_all(open_source(book))[0]], before, strict=True))


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "damaged"),
        (b"%PDF-1.4\n", "damaged"),
        (b"no pdf at all", "damaged"),
        (locked_pdf(), "password"),
        (text_pdf(["page"])[:200], "damaged"),
        (text_pdf([]), "damaged"),
    ],
)
def test_bad_files_are_refused_with_a_reason(data, reason, tmp_path, read_all):
    (tmp_path / "bad.pdf").write_bytes(data)
    (tmp_path / "good.pdf").write_bytes(text_pdf(["good"]))
    records, refused = read_all(open_source(tmp_path))
    assert [record.id for record in records] == ["good.pdf#page=1"]
    assert list(refused) == ["bad.pdf"]
    assert reason in refused["bad.pdf"]


def test_pages_of_any_size_are_rendered_within_bounds(tmp_path, read_all):
    for box in ("0 0 14400 14400", "0 0 3 3", "0 0 14000 2", "0 0 0 0", "-5 -5 200 100"):
        (tmp_path / "a.pdf").write_bytes(text_pdf(["page"]).replace(b"0 0 298 420", box.encode().ljust(11)))
        (page,), refused = read_all(open_source(tmp_path / "a.pdf"))
        image = page.image()
        assert refused == {}
        assert image.width * image.height <= MAX_PIXELS * 1.02


def test_many_documents_in_many_threads(tmp_path):
    paths = []
    for number in range(8):
        paths.append(tmp_path / f"{number}.pdf")
        paths[-1].write_bytes(text_pdf([f"document {number} page {page}" for page in range(3)]))
    pdfs, wrong = OpenPdfs(), []

    def work(offset):
        for turn in range(24):
            number, page = (turn + offset) % 8, turn % 3
            if pdfs.text(paths[number], page) != f"document {number} page {page}":
                wrong.append((number, page))
            pdfs.picture(paths[number], page)

    threads = [threading.Thread(target=work, args=(offset,)) for offset in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_nothing_is_said_at_the_end_of_the_process(book):
    code = (
        "import sys; from indexer.sources import open_source; source = open_source(sys.argv[1]);"
        "kept = [entry.read() for entry in source.entries()]; kept[0].image()"
    )
    done = subprocess.run([sys.executable, "-c", code, str(book)], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("", "")
