"""A folder as people really have them: good files of every format, broken ones of every kind, odd names, links that
lead nowhere, round in circles and out of the folder. Says which items must come out of it and what must be refused."""

import os
import random
import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from support.pdfs import locked_pdf, text_pdf
from support.pictures import EXTENSIONS, FORMATS, encoded, picture

_FOLDERS = ("", "photos", "photos/2024/夏天", "文档", "a b/c'd", "deep/" + "/".join("abcdefghij"))
_NAMES = (
    *("plain", "two words", "it's", 'say "hi"', "50%", "a#b?c&d", "-dash", "semi;colon"),
    *("emoji 🍒", "荔枝", "Ünïcödé", "trailing."),
)
_WORDS = "red blue mug bag striped wooden window cat table lamp old small 红色 杯子 旁边 蓝色".split()  # noqa: SIM905


@dataclass(frozen=True, slots=True)
class Expected:
    """good: ids of the items. bad: what must be refused, by origin, and a part of the reason that must be given."""

    good: frozenset[str]
    bad: dict[str, str]


@dataclass(slots=True)
class _Folder:
    root: Path
    good: set[str] = field(default_factory=set)
    bad: dict[str, str] = field(default_factory=dict)

    def write(self, name: str, data: bytes) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)

    def add_good(self, name: str, data: bytes) -> None:
        self.write(name, data)
        self.good.add(name)

    def add_bad(self, name: str, data: bytes, reason: str) -> None:
        self.write(name, data)
        self.bad[name] = reason


def make_hostile_folder(folder: Path, count: int = 1000, seed: int = 0) -> Expected:
    """Fills `folder` with files that give `count` items and refusals together, at least 60; the same for the same
    seed. About three in four are good."""
    made, dice = _Folder(folder), random.Random(seed)
    folder.mkdir(parents=True, exist_ok=True)
    _add_oddities(made)
    _add_links(made)
    number = 0
    while len(made.good) + len(made.bad) < count:
        place = f"{dice.choice(_FOLDERS)}/{number:04d} {dice.choice(_NAMES)}".lstrip("/")
        _MAKERS[number % len(_MAKERS)](made, place, dice)
        number += 1
    return Expected(frozenset(made.good), made.bad)


def huge_png() -> bytes:
    """20,000 x 20,000 pixels, white, sound, and about 50 kB long."""
    header = struct.pack(">IIBBBBB", 20_000, 20_000, 1, 0, 0, 0, 0)
    packer, row = zlib.compressobj(), b"\0" + b"\xff" * 2500
    pixels = b"".join(packer.compress(row * 100) for _ in range(200)) + packer.flush()
    chunks = ((b"IHDR", header), (b"IDAT", pixels), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )


def _add_oddities(made: _Folder) -> None:
    jpeg = encoded(picture(seed=1), "JPEG")
    made.add_good("a PNG called.jpg", encoded(picture(seed=2), "PNG"))
    made.add_good("SHOUTING.JPG", jpeg)
    made.add_good("long " + "n" * 200 + ".jpg", jpeg)
    made.add_good("gb18030.txt", "荔枝是一种水果".encode("gb18030"))
    made.add_good("utf-16.txt", "a lychee".encode("utf-16"))
    made.write("book.pdf", text_pdf(["first page", "second page", "third page"]))
    made.good.update(f"book.pdf#page={page}" for page in (1, 2, 3))
    made.add_bad("20000.png", huge_png(), "400,000,000 pixels")
    made.add_bad("text.jpg", b"this is only text\n" * 20, "this is text")
    made.add_bad("page.png", b"<!DOCTYPE html><html></html>", "HTML")
    made.add_bad("document.jpeg", b"%PDF-1.7\n", "a PDF")
    made.add_bad("noise.webp", bytes(range(256)) * 8, "unknown format")
    made.add_bad("binary.txt", bytes(range(256)) * 8, "no text")
    made.add_bad("empty.txt", b"", "no text in it")
    made.add_bad("broken.pdf", b"%PDF-1.4\nnothing else", "damaged")
    made.add_bad("locked.pdf", locked_pdf(), "password")
    made.write(".hidden.jpg", b"not seen")
    made.write(".git/objects/picture.jpg", b"not seen")
    made.write("archive.zip", b"not seen")
    made.write("noextension", b"not seen")


def _add_links(made: _Folder) -> None:
    made.write("links/original.png", encoded(picture(seed=3), "PNG"))
    made.good.add("links/original.png")
    for name, target, reason in (
        ("links/loop", "..", "not followed"),
        ("links/itself.jpg", "itself.jpg", "can be followed"),
        ("links/outside.txt", "/etc/hostname", "leads out of the folder"),
        ("links/nowhere.png", "missing.png", "no file"),
    ):
        (made.root / name).symlink_to(target)
        made.bad[name] = reason
    (made.root / "links/second name.png").symlink_to("original.png")
    made.good.add("links/second name.png")
    with open(os.fsencode(made.root) + b"/links/latin-\xe9.jpg", "wb") as file:  # noqa: PTH123  a path of bytes
        file.write(encoded(picture(seed=4), "JPEG"))
    made.bad["links/latin-\\xe9.jpg"] = "not valid UTF-8"


def _good_picture(name: str) -> Callable[[_Folder, str, random.Random], None]:
    def make(made: _Folder, place: str, dice: random.Random) -> None:
        image = picture(dice.randrange(8, 64), dice.randrange(8, 64), seed=dice.randrange(1 << 30))
        made.add_good(place + EXTENSIONS[name], encoded(image, name))

    return make


def _cut_picture(name: str) -> Callable[[_Folder, str, random.Random], None]:
    def make(made: _Folder, place: str, dice: random.Random) -> None:
        data = encoded(picture(seed=dice.randrange(1 << 30)), name)
        made.add_bad(place + EXTENSIONS[name], data[: dice.randrange(len(data) // 3, len(data) * 2 // 3)], "cut short")

    return make


def _empty_picture(made: _Folder, place: str, dice: random.Random) -> None:
    made.add_bad(place + dice.choice(list(EXTENSIONS.values())), b"", "empty (0 bytes)")


def _good_text(made: _Folder, place: str, dice: random.Random) -> None:
    text = " ".join(dice.choice(_WORDS) for _ in range(dice.randrange(3, 40)))
    made.add_good(place + dice.choice([".txt", ".md"]), text.encode())


def _good_pdf(made: _Folder, place: str, dice: random.Random) -> None:
    made.write(place + ".pdf", text_pdf([f"page {dice.randrange(10**6)}"]))
    made.good.add(f"{place}.pdf#page=1")


_MAKERS: tuple[Callable[[_Folder, str, random.Random], None], ...] = (
    *(_good_picture(name) for name in FORMATS),
    _good_text,
    *(_good_picture(name) for name in FORMATS),
    *(_cut_picture(name) for name in FORMATS),
    *(_good_picture(name) for name in FORMATS),
    _good_text,
    _good_pdf,
    _empty_picture,
)
