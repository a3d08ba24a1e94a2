"""A pool of pictures with text that share most of their words, and for each a query that only it answers: slides with
figures, labels with model numbers, posters, name badges, shop signs, error messages; and pictures without any text."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from io import BytesIO
from itertools import islice, product

import numpy as np
from PIL import Image
from support.pictures import picture
from support.written_pictures import SIZE, Look, load_font, look, written_picture

from indexer.record import Record, digest

_YEARS = (2019, 2020, 2021, 2022, 2023, 2024)
_MEASURES = ("营收", "利润", "成本", "现金流", "研发投入")
_SURNAMES = "王李张刘陈杨赵黄周吴"
_GIVEN = "伟芳静"
_POSTS = ("产品经理", "财务总监", "工程师", "设计师")
_SHOPS = ("面馆", "书店", "花店", "茶馆", "药房", "眼镜店")
_OWNERS = ("老王", "东方", "春天", "百年", "小城")
_KINDS = ("Northern", "Silent", "Golden", "Winter", "Harbour", "Electric")
_THINGS = ("Lights Festival", "Garden Concert", "River Marathon", "Market Square", "Jazz Night")
_FAULTS = ("The parameter is incorrect", "Access is denied", "The disk is full", "Connection timed out")


@dataclass(frozen=True)
class Written:
    """lines: what stands in the picture; () for one without text. query: words that stand in no other picture."""

    id: str
    lines: tuple[str, ...]
    query: str


def pool(of_each: int = 25, blank: int = 15) -> list[Written]:
    """Six kinds of pictures with text, at most 30 of each, and pictures without."""
    random = np.random.default_rng(5)
    kinds = {"slide": _slides, "label": _labels, "poster": _posters, "badge": _badges, "sign": _signs, "fault": _faults}
    written = [
        Written(f"{kind}-{number:02}", tuple(lines), query)
        for kind, make in kinds.items()
        for number, (lines, query) in enumerate(islice(make(random), of_each))
    ]
    texts = ["".join(one.lines).replace(" ", "").lower() for one in written]
    for one in written:
        assert sum(one.query.replace(" ", "").lower() in text for text in texts) == 1, (
            f"{one.query} stands in several pictures"
        )
    return written + [Written(f"blank-{number:02}", (), "") for number in range(blank)]


def record(written: Written, seed: int) -> Record:
    """The picture as a JPEG of middling quality, without any text beside it."""
    buffer = BytesIO()
    drawn(written, seed).save(buffer, "JPEG", quality=70)
    return Record(written.id, None, buffer.getvalue(), digest(None, buffer.getvalue(), {}))


def drawn(written: Written, seed: int) -> Image.Image:
    if not written.lines:
        return picture(*SIZE, seed=seed)
    seen = look(seed, latin=all(line.isascii() for line in written.lines))
    return written_picture(list(written.lines), _fitting(seen, written.lines), seed)


def _fitting(seen: Look, lines: tuple[str, ...]) -> Look:
    width = max(load_font(seen.font, seen.font_size).getlength(line) for line in lines)
    size = min(seen.font_size, int(seen.font_size * SIZE[0] * 0.9 / width))
    return replace(seen, font_size=size)


Lines = Iterator[tuple[list[str], str]]


def _slides(random: np.random.Generator) -> Lines:
    for year, measure in product(_YEARS, _MEASURES):
        amount, percent = int(random.integers(1000, 9999)), random.uniform(1, 40)
        yield [f"{year}年{measure} {amount:,} 万元", f"同比增长 {percent:.1f}%", "年度报告"], f"{year}年{measure}"


def _labels(random: np.random.Generator) -> Lines:
    for number in range(30):
        model = f"{'XR' if number % 2 else 'TK'}-{4810 + 7 * number}{'ABC'[number % 3]}"
        yield [f"Model {model}", f"Serial No. {random.integers(10**7, 10**8)}", "Made in Shenzhen"], model


def _posters(random: np.random.Generator) -> Lines:
    for kind, thing in product(_KINDS, _THINGS):
        day = random.integers(1, 29)
        yield [f"{kind} {thing}", f"Saturday {day} June", "Tickets at the door"], f"{kind} {thing}".lower()


def _badges(random: np.random.Generator) -> Lines:
    for number, (surname, given) in enumerate(product(_SURNAMES, _GIVEN)):
        name, phone = surname + given, f"138{random.integers(10**7, 10**8)}"
        yield [name, _POSTS[number % 4], f"电话 {phone}"], phone if number % 2 else name


def _signs(random: np.random.Generator) -> Lines:
    for owner, shop in product(_OWNERS, _SHOPS):
        yield [f"{owner}{shop}", "营业时间", f"{random.integers(7, 11)}:00-{random.integers(18, 23)}:00"], owner + shop


def _faults(random: np.random.Generator) -> Lines:
    for number in range(30):
        code = f"0x8007{0x5700 + 37 * number:04X}"
        yield [f"Error {code}", _FAULTS[number % 4], "确定    取消"], code
