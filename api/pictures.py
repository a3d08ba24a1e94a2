"""Stored pictures over HTTP: their address, and the picture itself with what a browser needs to keep it."""

import hashlib
from urllib.parse import quote

from starlette.responses import Response

from indexer.item import Picture


def picture_url(collection: str, item_id: str) -> str:
    """Path on this server. Slashes of the id are escaped, so that no id can be taken for another route."""
    return f"/v1/collections/{quote(collection, safe='')}/items/{quote(item_id, safe='')}/image"


def picture_response(picture: Picture, if_none_match: str | None) -> Response:
    """The picture; or 304 without it when the caller holds this very one (RFC 9110, section 13.1.2)."""
    tag = f'"{hashlib.sha256(picture.data).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff"}
    known = [each.strip().removeprefix("W/") for each in (if_none_match or "").split(",")]
    if tag in known or "*" in known:
        return Response(status_code=304, headers=headers)
    return Response(picture.data, media_type=picture.media_type, headers=headers)
