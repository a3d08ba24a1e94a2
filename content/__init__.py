"""What is searched: text, image or both; and one loader that treats every image as hostile."""

from content.images import load_image
from content.limits import ImageLimits
from content.types import Content, Document, Kind, Target, Unreadable

__all__ = ["Content", "Document", "ImageLimits", "Kind", "Target", "Unreadable", "load_image"]
