"""Where all dialects meet: one request's way to the engine. Knows no dialect."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends

from api.contents import callers_names, source
from api.dependencies import PatienceNow, RequestId, ServiceNow
from api.dialects.counted import check_count
from api.schemas.content import SourceBody
from reranker.protocol import Judgement
from reranker.ranking import Ranking
from search.patience import Patience
from search.service import Service


@dataclass(frozen=True, slots=True)
class Desk:
    service: Service
    patience: Patience
    request_id: str

    @property
    def model(self) -> str:
        """What is answered as the model, whichever was asked for."""
        return self.service.reranker.name if self.service.reranker else "none"

    def check_count(self, count: int, param: str) -> None:
        """Raises TooLarge for more documents than a request may bring."""
        check_count(count, self.service.settings.max_documents, param)

    def rerank(
        self,
        query: SourceBody,
        documents: Sequence[SourceBody],
        *,
        query_name: str = "query",
        documents_name: str = "documents",
        instruction: str | None = None,
        score_threshold: float | None = None,
        top_n: int | None = None,
        raise_on_error: bool = False,
    ) -> Ranking:
        """As `Service.rerank`. The names are those of the caller's fields. top_n: 0 and None stand for all."""
        self.check_count(len(documents), documents_name)
        with callers_names([("query", query_name, query), ("documents", documents_name, None)]):
            return self.service.rerank(
                source(query),
                [source(document) for document in documents],
                instruction=instruction,
                score_threshold=score_threshold,
                top_k=top_n or None,
                raise_on_error=raise_on_error,
                patience=self.patience,
            )

    def judge(
        self,
        asked: Sequence[tuple[SourceBody, Sequence[SourceBody]]],
        *,
        query_names: Sequence[str],
        instruction: str | None = None,
    ) -> list[list[Judgement]]:
        """As `Service.judge`. query_names: what the caller calls each query."""
        named = [(name, name, query) for name, (query, _) in zip(query_names, asked, strict=True)]
        with callers_names(named):
            return self.service.judge(
                [(source(query), [source(document) for document in documents]) for query, documents in asked],
                instruction=instruction,
                query_param=query_names.__getitem__,
                patience=self.patience,
            )


async def _desk(service: ServiceNow, patience: PatienceNow, request_id: RequestId) -> Desk:
    return Desk(service, patience, request_id)


DeskNow = Annotated[Desk, Depends(_desk, scope="function")]
