"""BMP, told from other things that begin with `BM`, and how long it should be. Knows nothing of its pixels."""

from content.containers.clean import Clean


def clean(data: bytes) -> Clean:
    """The bytes as they are; `cut` is true where the header asks for more of them."""
    return Clean(data, still=False, cut=int.from_bytes(data[2:6], "little") > len(data))


def looks_like_bmp(data: bytes) -> bool:
    """`BM` alone begins many texts; the length of the second header is one of the few that exist (12-124 bytes)."""
    return data[:2] == b"BM" and 12 <= int.from_bytes(data[14:18], "little") <= 124
