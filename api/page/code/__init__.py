"""What the page did, as lines that do it again: a curl call and a piece of Python."""

from api.page.code.blocks import code_html
from api.page.code.body import PictureFile

__all__ = ["PictureFile", "code_html"]
