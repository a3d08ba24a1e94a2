"""The seam behind which pictures are fetched by URL. Knows nothing of how, and by default nothing is fetched."""

from typing import Protocol

from content.errors import UrlRefused


class ImageSource(Protocol):
    def fetch(self, url: str) -> bytes:
        """The bytes behind an http or https URL, not yet looked at. Raises UrlRefused or another InvalidInput."""


class RefusingImageSource:
    """Fetches nothing: a server that opens any URL it is sent can be made to read its own network."""

    def fetch(self, url: str) -> bytes:
        advice = "send the picture as a data URI or as base64"
        raise UrlRefused(f"fetching pictures by URL is switched off here (the setting image_urls is off); {advice}")
