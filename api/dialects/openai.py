"""OpenAI's routes: vectors of texts and pictures, and the models that are served. Knows nothing of reranking."""

from fastapi import APIRouter, Depends, Request

from api.dependencies import LoadingNow
from api.dialects import embeddings
from api.dialects.counted import CountedRoute
from api.dialects.desk import DeskNow
from api.loading import Loading
from api.schemas.embeddings import AnyEmbeddingsBody, EmbeddingsAnswer
from api.schemas.errors import OpenaiErrorBody, RerankErrorBody, errors
from api.schemas.models import ModelBody, ModelsAnswer, Use
from api.shapes import choose_shape, openai
from content.errors import NotFound


async def _speak_openai(request: Request) -> None:
    choose_shape(request.scope, openai)


router = APIRouter(tags=["openai"], route_class=CountedRoute)
_OWNER = "lychee-search"


@router.post(
    "/v1/embeddings",
    summary="Embed texts and pictures",
    response_description="The vectors, in the order of what was sent.",
    responses=errors(400, 413, 415, 422, 429, 503, 504, model=RerankErrorBody),
)
def embed(body: AnyEmbeddingsBody, desk: DeskNow) -> EmbeddingsAnswer:
    """Stage 1's vectors, in the shape that clients of OpenAI read, of texts and, as with Jina CLIP or in vLLM's
    `messages`, of pictures. All lie in one space and have unit length, so that an inner product is a cosine."""
    return embeddings.answer(body, desk)


@router.get(
    "/v1/models",
    summary="List the models",
    response_description="Stage 1's and stage 2's.",
    responses=errors(503, model=OpenaiErrorBody),
)
async def list_models(loading: LoadingNow) -> ModelsAnswer:
    """The models that answer here, whatever name a request gives."""
    return ModelsAnswer(data=_models(loading))


@router.get(
    "/v1/models/{name:path}",
    summary="One model",
    response_description="The model.",
    responses=errors(404, 503, model=OpenaiErrorBody),
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


def _models(loading: Loading) -> list[ModelBody]:
    """One for each name. Raises NotReady."""
    service = loading.service
    uses: dict[str, list[Use]] = {service.encoder.name: ["embeddings"]}
    if service.reranker is not None:
        uses.setdefault(service.reranker.name, []).append("rerank")
    return [ModelBody(id=name, created=loading.since, owned_by=_OWNER, uses=used) for name, used in uses.items()]
