"""How a picture becomes what the vision tower reads: its size in pixels, its tokens, its patches. Knows no text.

Sizes follow qwen-vl-utils' own rules, within Lychee's bounds (model card: 4 x 28 x 28 to 1280 x 28 x 28 pixels) and the
checkpoint's own. Patches are cut at the last moment, batch by batch: those of one large picture take 24 MB.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import torch
from PIL import Image
from qwen_vl_utils import fetch_image, smart_resize
from torch import Tensor
from transformers import Qwen2VLImageProcessor
from transformers.models.qwen2_vl.image_processing_qwen2_vl import smart_resize as processor_resize

from content.errors import InvalidInput, ModelError

MIN_TOKENS = 4
MAX_TOKENS = 1280  # one token is a square of 28 x 28 pixels in Qwen2.5-VL
MAX_RATIO = 200  # of the longer to the shorter side; qwen-vl-utils refuses pictures beyond it


@dataclass(frozen=True, eq=False)
class Picture:
    """A picture as it was given, and what it will be in a prompt.

    grid: frames, rows and columns of patches. tokens: how many it takes. bounds: least and most pixels it is scaled to.
    edges: the same for the processor, which scales it once more.
    """

    image: Image.Image
    grid: tuple[int, int, int]
    tokens: int
    bounds: tuple[int, int]
    edges: tuple[int, int]

    @cached_property
    def key(self) -> bytes:
        """16 bytes that are the same for two pictures exactly when the vision tower reads the same of them."""
        whole = hashlib.blake2b(digest_size=16)
        whole.update(repr((self.image.mode, self.image.size, self.bounds)).encode())
        whole.update(self.image.tobytes())
        return whole.digest()


class PictureReader:
    """Measures pictures and cuts them into patches, those of other readers of the same checkpoint as well.

    max_pixels: pictures are scaled to no more than so many; None leaves it at the checkpoint's bound. Below the least
    that the checkpoint names, Lychee's own least takes its place.
    Raises ModelError when the checkpoint's pixel bounds leave nothing of Lychee's; InvalidInput for fewer pixels than
    four tokens have.
    """

    def __init__(self, processor: Qwen2VLImageProcessor, max_pixels: int | None = None) -> None:
        self._processor = processor
        self._side = processor.patch_size * processor.merge_size  # pixels along a token
        self._edges = self._within(max_pixels)
        self.min_pixels = max(MIN_TOKENS * self._side**2, self._edges[0])
        self.max_pixels = min(MAX_TOKENS * self._side**2, self._edges[1])
        if self.min_pixels > self.max_pixels:
            raise ModelError(
                f"the checkpoint reads pictures of {processor.size['shortest_edge']} to "
                f"{processor.size['longest_edge']} pixels, and a Lychee reranker those of "
                f"{MIN_TOKENS * self._side**2} to {MAX_TOKENS * self._side**2}"
            )

    def measure(self, image: Image.Image) -> Picture:
        """Raises InvalidInput for a picture whose longer side is more than 200 times the shorter one."""
        width, height = image.size
        if max(width, height) > MAX_RATIO * min(width, height):
            raise InvalidInput(
                f"the picture is {width} x {height} pixels; the longer side may be at most {MAX_RATIO} times "
                "the shorter"
            )
        height, width = smart_resize(height, width, self._side, self.min_pixels, self.max_pixels)
        # The processor resizes again by its own bounds, which changes something only where they are next to each other.
        least, most = self._edges
        final = processor_resize(height, width, factor=self._side, min_pixels=least, max_pixels=most)
        rows, columns = (side // self._processor.patch_size for side in final)
        tokens = rows * columns // self._processor.merge_size**2
        return Picture(image, (1, rows, columns), tokens, (self.min_pixels, self.max_pixels), self._edges)

    def patches(self, pictures: Sequence[Picture]) -> tuple[Tensor, Tensor]:
        """The patches of all pictures, (sum of 4 x tokens, 3 x 2 x 14 x 14) float32, and their grids, (n, 3) int64:
        frames, rows and columns of patches."""
        cut = [self._cut(picture) for picture in pictures]
        return torch.cat([patches for patches, _ in cut]), torch.cat([grid for _, grid in cut])

    def _cut(self, picture: Picture) -> tuple[Tensor, Tensor]:
        (least, most), (shortest, longest) = picture.bounds, picture.edges
        sized = fetch_image(
            {"image": picture.image, "min_pixels": least, "max_pixels": most},
            image_patch_size=self._processor.patch_size,
        )
        size = {"shortest_edge": shortest, "longest_edge": longest}
        cut = self._processor(images=[sized], size=size, return_tensors="pt")
        return cut["pixel_values"], cut["image_grid_thw"]

    def _within(self, max_pixels: int | None) -> tuple[int, int]:
        """The checkpoint's bounds, and within them as many pixels as may be."""
        shortest, longest = self._processor.size["shortest_edge"], self._processor.size["longest_edge"]
        if max_pixels is None:
            return shortest, longest
        least = MIN_TOKENS * self._side**2
        if max_pixels < least:
            raise InvalidInput(
                f"a picture is read with {least:,} pixels at least, and {max_pixels:,} are fewer", param="max_pixels"
            )
        return (shortest if shortest <= max_pixels else least), min(longest, max_pixels)
