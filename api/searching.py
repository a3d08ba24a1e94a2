"""One search as its body asks for it, and the answer to that. Knows no routes."""

from dataclasses import asdict

from api.contents import callers_names, source
from api.pictures import picture_url
from api.schemas.search import ChannelBody, HitBody, PassageBody, RetrievalBody, SearchAnswer, SearchBody, TimingsBody
from indexer.filters import parse_filter
from search.answer import Answer, Hit, Retrieval, Timings
from search.patience import Patience
from search.service import Service


def answer(body: SearchBody, service: Service, patience: Patience, request_id: str) -> SearchAnswer:
    """Raises as `Service.engine` and `SearchEngine.search` do, with the caller's names of fields."""
    wanted = parse_filter(body.filter)
    with callers_names([("query", "query", body.query)]):
        query = service.intake.query(source(body.query))
    engine = service.engine(body.collection)
    found = engine.search(
        query,
        target=body.target,
        candidates=body.candidates or service.settings.candidates,
        top_k=body.top_k,
        score_threshold=body.score_threshold,
        instruction=body.instruction,
        wanted=wanted,
        channels=body.channels,
        rerank=body.rerank,
        scale=body.scale,
        normalize=body.normalize,
        raise_on_error=body.raise_on_error,
        patience=patience,
    )
    return _answer(found, body, engine.collection.name, request_id)


def _answer(found: Answer, body: SearchBody, collection: str, request_id: str) -> SearchAnswer:
    return SearchAnswer(
        id=request_id,
        model=found.model,
        reranked=found.reranked,
        scale=found.scale,
        normalize=found.normalize,
        margin=found.margin,
        hits=[_hit(hit, collection, body.explain) for hit in found.hits],
        warnings=list(found.warnings),
        timings_ms=_timings(found.timings_ms),
    )


def _timings(timings: Timings) -> TimingsBody:
    """To the hundredth of a millisecond: more digits are noise."""
    return TimingsBody(**{stage: round(value, 2) for stage, value in asdict(timings).items()})


def _hit(hit: Hit, collection: str, explain: bool) -> HitBody:
    body = HitBody(
        rank=hit.rank,
        id=hit.id,
        score=hit.score,
        retrieval=_retrieval(hit.retrieval, explain),
        text=hit.text,
        image_url=picture_url(collection, hit.id) if hit.has_image else None,
        metadata=dict(hit.metadata),
        tied=hit.tied,
        truncated=hit.truncated,
    )
    passage = None if hit.passage is None else PassageBody(**asdict(hit.passage))
    extra = {"error": hit.error, "raw": hit.raw, "ocr": hit.ocr, "passage": passage}
    return body.model_copy(update={name: value for name, value in extra.items() if value is not None})


def _retrieval(retrieval: Retrieval, explain: bool) -> RetrievalBody:
    if not explain:
        return RetrievalBody(rank=retrieval.rank, score=retrieval.score)
    channels = [
        ChannelBody(channel=each.channel, query=each.query, rank=each.rank, score=each.score)
        for each in retrieval.channels
    ]
    return RetrievalBody(rank=retrieval.rank, score=retrieval.score, channels=channels)
