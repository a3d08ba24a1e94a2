import builtins
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from PIL import Image
from support.pictures import picture
from support.written_pictures import Look, written_picture

from content.errors import ModelError
from indexer.ocr import RapidReader
from indexer.ocr.lines import Piece, in_reading_order

SLIDE = ["2024年营收 1,234 万元", "同比增长 15.8%，创历史新高", "Model XR-4810B", "Quarterly results"]


@pytest.fixture(scope="module")
def reader() -> RapidReader:
    return RapidReader.load(2)


def without_spaces(text: str) -> str:
    """The model sees no spaces between Chinese and digits."""
    return text.replace(" ", "")


@pytest.mark.parametrize(
    "look",
    [
        Look(font_size=40),
        Look(font_size=12),
        Look("serif", 24, slant=-20),
        Look("mono", 24, slant=8, noise=30, ground="photograph"),
        Look("serif", 28, noise=20, ground="photograph", dark=False),
    ],
    ids=str,
)
def test_chinese_and_english_are_read_line_by_line(reader, look):
    (read,) = reader.read([written_picture(SLIDE, look)])
    assert without_spaces(read).split("\n") == [without_spaces(line) for line in SLIDE]


def test_english_is_read_with_its_spaces(reader):
    (read,) = reader.read([written_picture(["Quarterly results of", "the northern branch"], Look("dejavu sans"))])
    assert read == "Quarterly results of\nthe northern branch"


def test_a_picture_without_text_gives_nothing(reader):
    blank, colours = Image.new("RGB", (300, 200), (90, 120, 200)), picture(400, 300)
    assert reader.read([blank, colours]) == ["", ""]
    assert reader.read([]) == []


def test_pictures_of_any_shape_are_read(reader):
    shapes = [(1, 1), (3, 4000), (20000, 5), (1, 1_000_000)]
    assert reader.read([Image.new("RGB", shape, "white") for shape in shapes]) == [""] * len(shapes)
    banner = written_picture(["banner of 1234"], Look(font_size=24), size=(2000, 36))
    screenshot = written_picture(["below 5678"], Look(font_size=16), size=(330, 3000))
    thumbnail = written_picture(["thumb 90"], Look(font_size=60)).resize((160, 120))
    assert reader.read([banner, screenshot, thumbnail]) == ["banner of 1234", "below 5678", "thumb 90"]


def test_what_lies_on_its_side_or_its_head_is_read(reader):
    slide = written_picture(["Quarterly results"], Look())
    turned = [slide.rotate(angle, expand=True) for angle in (90, 180, 270)]
    assert reader.read(turned) == ["Quarterly results"] * 3


def test_several_threads_read_what_one_reads(reader):
    pictures = [written_picture([f"编号 {number * 7919}"], Look(font_size=20 + number)) for number in range(12)]
    alone = reader.read(pictures)
    with ThreadPoolExecutor(6) as pool:
        together = [texts[0] for texts in pool.map(lambda one: reader.read([one]), pictures)]
    assert together == alone
    assert len(set(alone)) == 12


def test_reading_is_quiet(reader, capfd):
    RapidReader.load(1).read([Image.new("RGB", (50, 50)), written_picture(["quiet"], Look())])
    assert capfd.readouterr() == ("", "")


def test_what_to_install_is_said_where_the_library_is_missing(monkeypatch):
    ordinary = builtins.__import__

    def without(name, *arguments, **options):
        if name == "rapidocr":
            raise ModuleNotFoundError("No module named 'rapidocr'", name="rapidocr")
        return ordinary(name, *arguments, **options)

    monkeypatch.delitem(sys.modules, "rapidocr", raising=False)
    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(ModelError, match="pip install rapidocr onnxruntime"):
        RapidReader.load()


def box(left: float, top: float, width: float = 50, height: float = 20) -> list[tuple[float, float]]:
    return [(left, top), (left + width, top), (left + width, top + height), (left, top + height)]


def test_rows_are_read_from_left_to_right():
    pieces = [
        Piece("right", box(200, 12)),
        Piece("title", box(90, -30)),
        Piece("left", box(0, 10)),
        Piece("end", box(0, 40)),
    ]
    assert in_reading_order(pieces) == "title\nleft right\nend"


def test_rows_that_lie_askew_are_read_along_their_slant():
    # two rows that rise to the right, by more than the distance of the rows
    def askew(left: float, top: float) -> list[tuple[float, float]]:
        return [(x, y - 0.3 * x) for x, y in box(left, top)]

    pieces = [Piece(f"{row}{column}", askew(100 * column, 25 * row)) for row in (0, 1) for column in (0, 1, 2)]
    assert in_reading_order(pieces[::-1]) == "00 01 02\n10 11 12"
    assert in_reading_order([]) == ""


def test_a_tall_picture_is_read_to_its_end_and_each_line_once(reader):
    lines = [f"{number} {word}" for number, word in enumerate(("apples", "boats", "clouds", "doors", "elms") * 9)]
    screenshot = written_picture(lines, Look(font_size=36), size=(400, 3000))
    assert reader.read([screenshot]) == ["\n".join(lines)]
