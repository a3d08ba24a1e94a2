"""What queries and documents of an evaluation look like, for whoever shows them. Knows no figures."""

from typing import Protocol

from content import Content, Document


class ContentsOf(Protocol):
    """Contents by the ids of an `Evaluation`, read when asked for and held by nobody."""

    def query(self, id: str) -> Content:
        """Raises NotFound for an id that is not there, and NotFound or InvalidInput for a picture that cannot be
        read."""

    def document(self, id: str) -> Document:
        """Unreadable, with the reason, for an id that is not there and for what cannot be read."""
