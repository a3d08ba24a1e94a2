"""What is searched: text, image or both; and one loader that treats every image as hostile."""

from content.types import Content, Document, Kind, Unreadable

__all__ = ["Content", "Document", "Kind", "Unreadable"]
