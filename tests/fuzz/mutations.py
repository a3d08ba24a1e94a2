"""One valid input becomes another that is probably not. Knows no formats but PNG, whose checksums it mends, since
else no mutation would get past them."""

import random
import re
import struct
import zlib
from collections.abc import Callable, Sequence

_NUMBERS = (0, 1, 2, 0x7F, 0x80, 0xFF, 0x100, 0x7FFF, 0x8000, 0xFFFF, 0x10000, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF)
_WORDS = (
    b"\0", b"\xed\xa0\x80", b"\\ud800", b"\r\n", b"%", b"%zz", b"{", b"[" * 300, b'"', b",", b"data:", b";base64,",
    b"NaN", b"1e999", b"-", b"file://", b"http://", "荔".encode(), b"\xff\xfe", b"null", b"true", b"\\u0000", b"<svg",
)  # fmt: skip
_JSON_VALUE = re.compile(rb'"[^"]*"|-?[0-9][0-9.]*|true|false|null|[{][}]|\[\]')
_JSON_VALUES = (
    b"null", b"true", b"0", b"-1", b"1.5", b"1e400", b"9" * 400,
    b'""', b'" "', b'"\\u0000"', b'"\\ud800"', b"[]", b"{}",
    b"[" * 150 + b"]" * 150, b'{"a":' * 150 + b"1" + b"}" * 150, b'"query"', b'"documents"', b'"\\r\\n"', b'["a"]',
    b'{"text":"a","image":"b"}', b'{"id":"../x"}', b'[{"type":"image_url"}]', b'"' + b"x" * 5000 + b'"',
)  # fmt: skip
_PNG = b"\x89PNG\r\n\x1a\n"
_MOST = 64 * 1024  # bytes of a mutated input


def mutated(seeds: Sequence[bytes], dice: random.Random) -> bytes:
    """One of the seeds after one to eight mutations; now and then as it is."""
    data = bytearray(dice.choice(seeds))
    for _ in range(min(8, int(dice.expovariate(0.5)))):
        mutation = _json_value if data.startswith(b"{") and dice.random() < 0.8 else dice.choice(_MUTATIONS)
        data = mutation(data, dice, seeds)[:_MOST]
    mended = bytes(data)
    return _with_checksums(mended) if mended.startswith(_PNG) and dice.random() < 0.7 else mended


def _flip(data: bytearray, dice: random.Random, _: Sequence[bytes]) -> bytearray:
    for _ in range(dice.randrange(1, 6)):
        if data:
            data[dice.randrange(len(data))] ^= 1 << dice.randrange(8)
    return data


def _overwrite(data: bytearray, dice: random.Random, _: Sequence[bytes]) -> bytearray:
    place = _place(data, dice)
    data[place : place + dice.randrange(1, 9)] = dice.randbytes(dice.randrange(1, 9))
    return data


def _number(data: bytearray, dice: random.Random, _: Sequence[bytes]) -> bytearray:
    """Where sizes and offsets stand: mostly near the beginning."""
    width, order = dice.choice("BHI"), dice.choice("<>")
    limit = 1 << 8 * struct.calcsize(width)
    written = struct.pack(order + width, dice.choice(_NUMBERS) % limit)
    place = dice.randrange(min(len(data), 200) or 1) if dice.random() < 0.6 else _place(data, dice)
    data[place : place + len(written)] = written
    return data


def _insert(data: bytearray, dice: random.Random, _: Sequence[bytes]) -> bytearray:
    place = _place(data, dice)
    data[place:place] = dice.choice(_WORDS) if dice.random() < 0.7 else dice.randbytes(dice.randrange(1, 40))
    return data


def _delete(data: bytearray, dice: random.Random, _: Sequence[bytes]) -> bytearray:
    place = _place(data, dice)
    del data[place : place + dice.randrange(1, 40)]
    return data


def _cut(data: bytearray, dice: random.Random, _: Sequence[bytes]) -> bytearray:
    return data[: _place(data, dice)]


def _repeat(data: bytearray, dice: random.Random, _: Sequence[bytes]) -> bytearray:
    start = _place(data, dice)
    piece = data[start : start + dice.randrange(1, 200)]
    place = _place(data, dice)
    data[place:place] = piece * dice.randrange(1, 20)
    return data


def _splice(data: bytearray, dice: random.Random, seeds: Sequence[bytes]) -> bytearray:
    other = dice.choice(seeds)
    return data[: _place(data, dice)] + other[_place(other, dice) :]


def _json_value(data: bytearray, dice: random.Random, _: Sequence[bytes]) -> bytearray:
    """Another value, or name of a field, which leaves it JSON."""
    found = list(_JSON_VALUE.finditer(data))
    if found:
        start, stop = dice.choice(found).span()
        data[start:stop] = dice.choice(_JSON_VALUES)
    return data


_MUTATIONS: tuple[Callable[[bytearray, random.Random, Sequence[bytes]], bytearray], ...] = (
    *(_flip, _flip, _overwrite, _number, _number),
    *(_insert, _delete, _cut, _repeat, _splice),
)


def _place(data: bytes | bytearray, dice: random.Random) -> int:
    return dice.randrange(len(data) + 1)


def _with_checksums(data: bytes) -> bytes:
    """The chunks with right checksums, as far as there are any."""
    made, place = bytearray(_PNG), len(_PNG)
    while place + 8 <= len(data):
        (length,) = struct.unpack_from(">I", data, place)
        end = place + 8 + length
        if end + 4 > len(data):
            break
        made += data[place:end] + struct.pack(">I", zlib.crc32(data[place + 4 : end]))
        place = end + 4
    return bytes(made) + data[place:]
