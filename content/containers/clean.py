"""A picture's bytes after its container was walked. Knows nothing of any one format."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Clean:
    """The same picture, still encoded, without what its pixels do not need: EXIF, XMP, profiles, comments.

    Metadata is where decoders spend memory, warn and fail, and where a photo says where it was taken; so it is cut
    off before a decoder sees it, and never stored.

    data: the encoded picture. For containers that are not taken apart (HEIC, AVIF, BMP, GIF) it is the input.
    orientation: EXIF value 1-8 that the caller has to apply; 1 where the decoder applies it itself.
    size: (width, height) where it could be read without a decoder.
    still: `data` shows one picture and nothing else.
    cut: the container says that it should be longer than it is.
    """

    data: bytes
    orientation: int = 1
    size: tuple[int, int] | None = None
    still: bool = True
    cut: bool = False
