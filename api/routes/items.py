"""The items of a collection over HTTP: upsert, read, delete, and the picture itself."""

from typing import Annotated

from fastapi import APIRouter, Header, Response
from fastapi.routing import APIRoute
from starlette.routing import Match
from starlette.types import Scope

from api.body import JsonRoute
from api.dependencies import PatienceNow, ServiceNow
from api.pictures import picture_response, picture_url
from api.records import read_records
from api.schemas.errors import errors
from api.schemas.items import DeletedAnswer, StoredItemBody, UpsertAnswer, UpsertBody
from content.errors import NotFound

router = APIRouter(prefix="/v1/collections/{name}/items", tags=["items"], route_class=JsonRoute)


class PictureRoute(APIRoute):
    """`.../items/a/image` is the picture of `a`, and `.../items/a%2Fimage` the item `a/image`: an escaped slash belongs
    to the id. Routing sees the path unescaped, so this looks at the raw one."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        if scope.get("raw_path", b"").lower().endswith(b"%2fimage"):
            return Match.NONE, {}
        return super().matches(scope)


@router.post(
    "",
    summary="Upsert items",
    response_description="They are on the disk.",
    responses=errors(400, 404, 409, 413, 415, 422, 429, 503, 504),
)
def upsert_items(name: str, body: UpsertBody, service: ServiceNow, patience: PatienceNow) -> UpsertAnswer:
    """Encodes and stores the items, all or none; an item with an id that is there is replaced. `error.param` names the
    item that was wrong, as `items[3].image`."""
    records = read_records(body.items, service.intake, service.settings.max_body_bytes, patience)
    service.upsert(name, records, patience=patience)
    return UpsertAnswer(ids=[record.id for record in records])


def read_picture(
    name: str, item_id: str, service: ServiceNow, if_none_match: Annotated[str | None, Header()] = None
) -> Response:
    """The picture as it is stored, with an ETag."""
    picture = service.library.open(name).picture(item_id)
    return picture_response(picture, if_none_match)


router.add_api_route(
    "/{item_id:path}/image",
    read_picture,
    summary="Read an item's picture",
    responses={
        200: {"content": {"image/jpeg": {}, "image/png": {}, "image/webp": {}}, "description": "The picture."},
        304: {"description": "The caller's copy, named by `If-None-Match`, is the same."},
        **errors(400, 404, 409, 503),
    },
    response_class=Response,
    route_class_override=PictureRoute,
)


@router.get(
    "/{item_id:path}",
    summary="Read an item",
    response_description="The item.",
    responses=errors(400, 404, 409, 503),
)
def read_item(name: str, item_id: str, service: ServiceNow) -> StoredItemBody:
    """The item without its picture, and the address of that. Slashes in an id may be escaped as `%2F` or left as they
    are."""
    collection = service.library.open(name)
    item = collection.get([item_id])[0]
    if item is None:
        raise _missing(name, item_id)
    image_url = picture_url(collection.name, item.id) if item.has_image else None
    return StoredItemBody(id=item.id, text=item.text, image_url=image_url, metadata=dict(item.metadata))


@router.delete(
    "/{item_id:path}",
    summary="Delete an item",
    response_description="It is gone.",
    responses=errors(400, 404, 409, 503),
)
def delete_item(name: str, item_id: str, service: ServiceNow) -> DeletedAnswer:
    """Gone from the disk and from every later search when this is answered."""
    if not service.library.open(name).delete([item_id]):
        raise _missing(name, item_id)
    return DeletedAnswer(deleted=True)


def _missing(name: str, item_id: str) -> NotFound:
    return NotFound(f"the collection {name} has no item {item_id[:80]}", param="item_id")
