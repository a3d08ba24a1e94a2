"""The bodies of scores of pairs as vLLM has them: one query to each document, or one to all. Knows no engine."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Discriminator, Field, RootModel, Tag

from api.complaint import tagged
from api.schemas.base import AnswerBody, Listed, example
from api.schemas.content import SingleBody, SingleField, SourceBody, SourceField
from api.schemas.unused import Unused
from api.schemas.usage import UsageBody


def _count(value: object) -> str:
    return tagged("several" if isinstance(value, list) else "one")


SideField = Annotated[
    Annotated[SingleField, Tag(tagged("one"))]
    | Annotated[Listed[SourceField], Field(min_length=1), Tag(tagged("several"))],
    Discriminator(_count),
]


@dataclass(frozen=True, slots=True)
class Side:
    """The queries or the documents, under the name of the field in which they came."""

    name: str
    sent: SingleBody | list[SourceBody]

    @property
    def contents(self) -> list[SourceBody]:
        return self.sent if isinstance(self.sent, list) else [self.sent]

    def at(self, place: int) -> str:
        """The name of the content at a place from 0."""
        return f"{self.name}[{place}]" if isinstance(self.sent, list) else self.name


_QUERIES = "What is searched for, in any of the forms that a query of `/v1/rerank` has; or a list of these."
_DOCUMENTS = "As many as there are queries, or any number for one query, in the same forms."


class _Options(Unused):
    model: str | None = Field(default=None, description="Taken for compatibility; the server's own reranker answers.")
    instruction: str | None = Field(
        default=None, min_length=1, description="The task in your words; by default one that fits the kind of query."
    )
    raise_on_error: bool = Field(default=False, description="Answers 400 where a document cannot be judged.")


class QueriesAndDocuments(_Options):
    queries: SideField = Field(description=_QUERIES)
    documents: SideField = Field(description=_DOCUMENTS)

    @property
    def sides(self) -> tuple[Side, Side]:
        return Side("queries", self.queries), Side("documents", self.documents)


class QueriesAndItems(_Options):
    queries: SideField = Field(description=_QUERIES)
    items: SideField = Field(description=_DOCUMENTS)

    @property
    def sides(self) -> tuple[Side, Side]:
        return Side("queries", self.queries), Side("items", self.items)


class Data(_Options):
    data_1: SideField = Field(description=_QUERIES)
    data_2: SideField = Field(description=_DOCUMENTS)

    @property
    def sides(self) -> tuple[Side, Side]:
        return Side("data_1", self.data_1), Side("data_2", self.data_2)


class Texts(_Options):
    text_1: SideField = Field(description=_QUERIES)
    text_2: SideField = Field(description=_DOCUMENTS)

    @property
    def sides(self) -> tuple[Side, Side]:
        return Side("text_1", self.text_1), Side("text_2", self.text_2)


_TELLING = {"items": "items", "data_1": "data", "data_2": "data", "text_1": "texts", "text_2": "texts"}


def _sides(value: object) -> str:
    fields = value if isinstance(value, Mapping) else getattr(type(value), "model_fields", {})
    return tagged(next((names for field, names in _TELLING.items() if field in fields), "documents"))


class ScoreBody(
    RootModel[
        Annotated[
            Annotated[QueriesAndDocuments, Tag(tagged("documents"))]
            | Annotated[QueriesAndItems, Tag(tagged("items"))]
            | Annotated[Data, Tag(tagged("data"))]
            | Annotated[Texts, Tag(tagged("texts"))],
            Discriminator(_sides),
        ]
    ]
):
    model_config = example({"queries": "a red mug", "documents": ["A red mug on a table.", "A white dog in the snow."]})


class PairScore(AnswerBody):
    index: int = Field(description="The pair's place, from 0.")
    object: Literal["score"]
    score: float = Field(description="P(yes) or a tenth of a rating, from 0 to 1; 0.0 where `error` is set.")
    error: str | None = Field(default=None, description="Why the document could not be judged.")


class ScoreAnswer(AnswerBody):
    id: str = Field(description="The request's id.")
    object: Literal["list"]
    created: int = Field(description="Seconds since 1970.")
    model: str
    data: list[PairScore] = Field(description="In the order of the request.")
    usage: UsageBody
