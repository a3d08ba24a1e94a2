"""From what a body holds to what the engine reads. Knows nothing of routes."""

from api.schemas.content import ContentBody
from search.intake import Given


def given(body: ContentBody) -> Given:
    return Given(body.text, body.image)
