"""Collections over HTTP: list, create, read, drop."""

from fastapi import APIRouter, Response

from api.dependencies import ServiceNow
from api.schemas.collections import CollectionBody, CollectionsAnswer, IndexBody, ListedBody
from api.schemas.errors import errors
from api.schemas.items import DeletedAnswer
from indexer.usage import Drift
from search.library import Library, Listed

router = APIRouter(prefix="/v1/collections", tags=["collections"])


@router.get(
    "",
    summary="List all collections",
    response_description="What is there.",
    responses=errors(503),
    response_model_exclude_unset=True,
)
def list_collections(service: ServiceNow) -> CollectionsAnswer:
    """By name; one that cannot be read is listed with the reason."""
    return CollectionsAnswer(
        default=service.settings.collection, collections=[_listed(each) for each in service.library.list()]
    )


@router.put(
    "/{name}",
    summary="Create a collection",
    status_code=201,
    response_description="It was made.",
    responses={
        200: {"model": CollectionBody, "description": "It was there already; nothing was changed."},
        **errors(400, 409, 503),
    },
)
def create_collection(name: str, service: ServiceNow, response: Response) -> CollectionBody:
    """Makes an empty collection for the encoder at hand. 201 when it was made, 200 when it was there already."""
    if not service.library.create(name):
        response.status_code = 200
    return _described(name, service.library)


@router.get(
    "/{name}",
    summary="Describe a collection",
    response_description="What it is now.",
    responses=errors(400, 404, 503),
)
def read_collection(name: str, service: ServiceNow) -> CollectionBody:
    """How many items it holds, which encoder made its vectors, and how they are indexed."""
    return _described(name, service.library)


@router.delete(
    "/{name}",
    summary="Drop a collection",
    response_description="It is gone.",
    responses=errors(400, 404, 503),
)
def drop_collection(name: str, service: ServiceNow) -> DeletedAnswer:
    """Removes the collection with all its items from the disk."""
    service.library.drop(name)
    return DeletedAnswer(deleted=True)


def _described(name: str, library: Library) -> CollectionBody:
    with library.looked_at(name) as collection:
        manifest, usage = collection.manifest, collection.usage()
    indexes: dict[str, IndexBody] = {}
    for channel, index in manifest.indexes.items():
        drift = usage.drift.get(channel, Drift(0, 0))
        indexes[channel] = IndexBody(
            type=index.type,
            vectors=index.vectors,
            recall=index.recall,
            k_factor=index.k_factor,
            fresh=drift.fresh,
            dead=drift.dead,
        )
    return CollectionBody(
        name=library.folder(name).name,  # as it is kept, which may be another form of the same Unicode text
        items=manifest.items,
        encoder=manifest.encoder,
        dimension=manifest.dimension,
        bytes=usage.store + usage.indexes,
        indexes=indexes,
    )


def _listed(listed: Listed) -> ListedBody:
    if listed.manifest is None:
        return ListedBody(name=listed.name, error=listed.error)
    return ListedBody(name=listed.name, items=listed.manifest.items, encoder=listed.manifest.encoder)
