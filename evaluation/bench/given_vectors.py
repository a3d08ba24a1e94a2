"""What stands in an encoder's place where the vectors are made without one."""

from typing import NoReturn

from PIL import Image


class GivenVectors:
    """An encoder for collections whose vectors and queries come from elsewhere; it encodes nothing itself."""

    max_text_tokens = 64

    def __init__(self, dimension: int) -> None:
        self.name = "synthetic"
        self.fingerprint = f"synthetic vectors of {dimension}"
        self.dimension = dimension

    def count_tokens(self, texts: list[str]) -> list[int]:
        return [len(text.split()) for text in texts]

    def encode_texts(self, texts: list[str]) -> NoReturn:
        raise NotImplementedError("the vectors of this collection come from elsewhere")

    def encode_images(self, images: list[Image.Image]) -> NoReturn:
        raise NotImplementedError("the vectors of this collection come from elsewhere")
