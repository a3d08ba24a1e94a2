"""How a picture becomes what the vision tower reads: its size in pixels, its tokens, its patches. Knows no text.

Sizes follow qwen-vl-utils' own rules, within Lychee's bounds (model card: 4 x 28 x 28 to 1280 x 28 x 28 pixels) and the
checkpoint's own. Patches are cut at the last moment, batch by batch: those of one large picture take 24 MB.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image
from qwen_vl_utils import fetch_image, smart_resize
from torch import Tensor
from transformers import Qwen2VLImageProcessor

from content.errors import InvalidInput, ModelError

MIN_TOKENS = 4
MAX_TOKENS = 1280  # one token is a square of 28 x 28 pixels in Qwen2.5-VL
MAX_RATIO = 200  # of the longer to the shorter side; qwen-vl-utils refuses pictures beyond it


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """A picture as it was given, and the number of tokens it will take in a prompt."""

    image: Image.Image
    tokens: int


class PictureReader:
    """Measures pictures and cuts them into patches.

    Raises ModelError when the checkpoint's pixel bounds leave nothing of Lychee's.
    """

    def __init__(self, processor: Qwen2VLImageProcessor) -> None:
        self._processor = processor
        self._side = processor.patch_size * processor.merge_size  # pixels along a token
        self.min_pixels = max(MIN_TOKENS * self._side**2, processor.size["shortest_edge"])
        self.max_pixels = min(MAX_TOKENS * self._side**2, processor.size["longest_edge"])
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
        size = smart_resize(height, width, self._side, self.min_pixels, self.max_pixels)  # (height, width)
        patches = self._processor.get_number_of_image_patches(*size)
        return Picture(image, patches // self._processor.merge_size**2)

    def patches(self, pictures: Sequence[Picture]) -> tuple[Tensor, Tensor]:
        """The patches of all pictures, (sum of 4 x tokens, 3 x 2 x 14 x 14) float32, and their grids, (n, 3) int64:
        frames, rows and columns of patches."""
        sized = [
            fetch_image(
                {"image": picture.image, "min_pixels": self.min_pixels, "max_pixels": self.max_pixels},
                image_patch_size=self._processor.patch_size,
            )
            for picture in pictures
        ]
        # The sizes are within the processor's bounds by now, so that it finds nothing to resize a second time.
        cut = self._processor(images=sized, return_tensors="pt")
        return cut["pixel_values"], cut["image_grid_thw"]
