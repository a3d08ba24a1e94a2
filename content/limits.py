"""How large a picture may be before anybody decodes it. Knows nothing of formats."""

from dataclasses import dataclass
from typing import Final

from content.errors import InvalidInput, NotAnImage, TooLarge

_PILLOWS_MOST_PIXELS: Final = 89_478_485  # above it Pillow warns by itself, against its Image.MAX_IMAGE_PIXELS


@dataclass(frozen=True, slots=True)
class ImageLimits:
    """max_bytes: of the encoded picture. max_pixels: width x height, at most Pillow's own 89,478,485."""

    max_bytes: int = 20 * 1024 * 1024
    max_pixels: int = 50_000_000

    def __post_init__(self) -> None:
        if not 1 <= self.max_pixels <= _PILLOWS_MOST_PIXELS:
            raise InvalidInput(f"max_pixels must lie between 1 and {_PILLOWS_MOST_PIXELS:,}", param="max_pixels")

    def check_bytes(self, count: int, param: str | None = None) -> None:
        """Raises TooLarge."""
        if count > self.max_bytes:
            raise TooLarge(f"the picture has {count:,} bytes; at most {self.max_bytes:,} are read", param=param)

    def check_pixels(self, width: int, height: int) -> None:
        """Raises TooLarge, or NotAnImage for a picture without any pixel."""
        if width < 1 or height < 1:
            raise NotAnImage(f"the picture is {width} x {height} pixels in size: it is damaged or empty")
        if width * height > self.max_pixels:
            found = f"{width * height:,} pixels ({width:,} x {height:,})"
            raise TooLarge(f"the picture has {found}; at most {self.max_pixels:,} are read")


DEFAULT_LIMITS: Final = ImageLimits()
