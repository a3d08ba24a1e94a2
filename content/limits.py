"""How large a picture may be before anybody decodes it. Knows nothing of formats."""

from dataclasses import dataclass
from typing import Final

from content.errors import NotAnImage, TooLarge, TooManyPixels


@dataclass(frozen=True, slots=True)
class ImageLimits:
    """max_bytes: of the encoded picture. max_pixels: width x height."""

    max_bytes: int = 20 * 1024 * 1024
    max_pixels: int = 50_000_000

    def check_bytes(self, count: int, param: str | None = None) -> None:
        """Raises TooLarge."""
        if count > self.max_bytes:
            raise TooLarge(f"the picture has {count:,} bytes; at most {self.max_bytes:,} are read", param=param)

    def check_pixels(self, width: int, height: int) -> None:
        """Raises TooManyPixels, or NotAnImage for a picture without any pixel."""
        if width < 1 or height < 1:
            raise NotAnImage(f"the picture is {width} x {height} pixels in size: it is damaged or empty")
        if (pixels := width * height) > self.max_pixels:
            found = f"{pixels:,} pixels ({width:,} x {height:,})"
            raise TooManyPixels(f"the picture has {found}; at most {self.max_pixels:,} are read", pixels=pixels)


DEFAULT_LIMITS: Final = ImageLimits()
