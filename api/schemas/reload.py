"""The bodies of the routes that change stage 2's model."""

from pydantic import Field

from api.schemas.base import AnswerBody, RequestBody, example


class ReloadBody(RequestBody):
    """`{}` loads the server's own reranker again."""

    model_config = example({})

    reranker: str | None = Field(
        default=None,
        min_length=1,
        max_length=4096,
        description="What to load: the server's own reranker, or one that its setting `other_rerankers` allows. By "
        "default the server's own is loaded again, whose files may have changed.",
    )


class ChangedAnswer(AnswerBody):
    reranker: str = Field(description="The reranker that judges every request from now on.")
    previous: str = Field(description="The one before it, which `/v1/models/back` brings again.")
    seconds: float = Field(description="How long loading it and trying it took; requests went on meanwhile.")
