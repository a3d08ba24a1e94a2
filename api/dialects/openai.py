"""OpenAI's routes: vectors of texts and pictures, and the models that are served. Knows nothing of reranking."""

import base64

from fastapi import APIRouter, Depends, Request

from api.body import JsonRoute
from api.contents import given
from api.dependencies import LoadingNow, PatienceNow, ServiceNow
from api.loading import Loading
from api.schemas.embeddings import EmbeddingBody, EmbeddingsAnswer, EmbeddingsBody, EmbeddingsUsage, Encoding
from api.schemas.errors import errors
from api.schemas.models import ModelBody, ModelsAnswer, Use
from api.shapes import choose_shape, openai
from content.errors import InvalidInput, NotFound, TooLarge
from indexer.protocols import Vectors
from search.service import Service


async def _speak_openai(request: Request) -> None:
    choose_shape(request.scope, openai)


router = APIRouter(tags=["openai"], route_class=JsonRoute)
_OWNER = "lychee-search"


@router.post(
    "/v1/embeddings",
    summary="Embed texts and pictures",
    response_description="The vectors, in the order of `input`.",
    responses=errors(400, 413, 415, 422, 429, 503, 504),
)
def embed(body: EmbeddingsBody, service: ServiceNow, patience: PatienceNow) -> EmbeddingsAnswer:
    """Stage 1's vectors, in the shape that clients of OpenAI read, of texts and, as with Jina CLIP, of pictures. All
    lie in one space and have unit length, so that an inner product is a cosine."""
    _check(body, service)
    vectors = service.embed([given(entry) for entry in body.input], patience=patience)
    tokens = sum(service.encoder.count_tokens([entry.text for entry in body.input if entry.text is not None]))
    return EmbeddingsAnswer(
        data=_data(vectors, body.embedding_type or body.encoding_format),
        model=service.encoder.name,
        usage=EmbeddingsUsage(prompt_tokens=tokens, total_tokens=tokens),
    )


@router.get(
    "/v1/models", summary="List the models", response_description="Stage 1's and stage 2's.", responses=errors(503)
)
async def list_models(loading: LoadingNow) -> ModelsAnswer:
    """The models that answer here, whatever name a request gives."""
    return ModelsAnswer(data=_models(loading))


@router.get(
    "/v1/models/{name:path}",
    summary="One model",
    response_description="The model.",
    responses=errors(404, 503),
    dependencies=[Depends(_speak_openai)],
)
async def read_model(name: str, loading: LoadingNow) -> ModelBody:
    """One of the models that answer here. A name may hold slashes."""
    models = _models(loading)
    for model in models:
        if model.id == name:
            return model
    there = ", ".join(model.id for model in models)
    raise NotFound(f"there is no model {name[:80]!r} here; there is {there}", param="name")


def _check(body: EmbeddingsBody, service: Service) -> None:
    """Raises TooLarge and InvalidInput for what the schema cannot know."""
    most, dimension = service.settings.max_documents, service.encoder.dimension
    if len(body.input) > most:
        raise TooLarge(
            f"`input` has {len(body.input):,} entries; at most {most:,} are taken in a request (max_documents)",
            param="input",
        )
    if body.dimensions not in (None, dimension):
        raise InvalidInput(
            f"the vectors of {service.encoder.name} have {dimension} dimensions and are not cut to {body.dimensions}; "
            f"leave `dimensions` out, or send {dimension}",
            param="dimensions",
        )


def _data(vectors: Vectors, encoding: Encoding) -> list[EmbeddingBody]:
    if encoding == "float":
        return [EmbeddingBody(index=place, embedding=vector) for place, vector in enumerate(vectors.tolist())]
    return [
        EmbeddingBody(index=place, embedding=base64.b64encode(vector.tobytes()).decode())
        for place, vector in enumerate(vectors.astype("<f4"))
    ]


def _models(loading: Loading) -> list[ModelBody]:
    """One for each name. Raises NotReady."""
    service = loading.service
    uses: dict[str, list[Use]] = {service.encoder.name: ["embeddings"]}
    if service.reranker is not None:
        uses.setdefault(service.reranker.name, []).append("rerank")
    return [ModelBody(id=name, created=loading.since, owned_by=_OWNER, uses=used) for name, used in uses.items()]
