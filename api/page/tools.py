"""Search and rerank by their names, for programs that speak to a Gradio page: gradio_client, and agents by MCP. All
other events of the page are private."""

from collections.abc import Sequence
from typing import Any, Literal

import gradio as gr
from gradio.events import api
from pydantic_core import from_json

from api import searching
from api.contents import callers_names
from api.dialects import batch
from api.dialects.desk import Desk
from api.page.shell import Shell
from api.page.tool_call import answered
from api.schemas.base import AnswerBody
from api.schemas.rerank import RerankBatchBody
from api.schemas.search import SearchBody
from content.errors import InvalidInput
from search.patience import Patience


def add_tools(shell: Shell) -> None:
    """Adds both to the page that is being built.

    They answer with JSON as text. Gradio takes an object with a field `path` for a file of its own, wherever in an
    answer it stands: its client would ask this server for it, or, with the caller's key, any other that `url` names.
    Metadata is other people's and may have such fields.
    """

    async def search(
        request: gr.Request,
        query: str,
        image: str = "",
        collection: str = "",
        target: Literal["any", "image", "text"] = "any",
        candidates: int = shell.settings.candidates,
        top_k: int = 10,
        score_threshold: float = 0.0,
        instruction: str = "",
        filter: str = "",  # as in the body of /v1/search
        rerank: bool = True,
    ) -> str:
        """Searches a collection of pictures and texts in two stages: the likeliest items are recalled by vectors and
        words, then a vision-language model reads each of them together with the query and orders them. The answer is a
        JSON object as that of /v1/search: `hits`, best first, each with rank, id, score from 0 to 1, text, image_url
        and metadata; and margin, warnings and timings_ms.

        Args:
            query: What to find, in any language; may be empty where there is an image.
            image: A picture to search by, as a data URI or base64; with a query, what is wanted relative to it.
            collection: The collection's name; empty for the one that the server was started with.
            target: Whether items are found by their pictures (image), their texts (text) or both (any).
            candidates: How many items the first stage recalls, from 1 to 1000; more take longer.
            top_k: The largest number of hits, from 1 to 1000.
            score_threshold: Leaves out hits whose score, from 0 to 1, is below; 0 leaves out none.
            instruction: What counts as a good hit, in words; empty for a default that fits the query.
            filter: Conditions on the metadata as a JSON object, such as {"price": {"$lt": 500}}; empty for none.
            rerank: False skips the second stage: faster, less exact, with other scores and no threshold.
        """
        given = {
            "query": _content(query, image),
            "collection": collection or None,
            "target": target,
            "candidates": candidates,
            "top_k": top_k,
            "score_threshold": score_threshold or None,
            "instruction": instruction or None,
            "rerank": rerank,
        }

        def answer(patience: Patience, request_id: str) -> AnswerBody:
            body = SearchBody.model_validate({**given, "filter": _object(filter)})
            with callers_names([("query.image", "image", None), ("query.text", "query", None)]):
                return searching.answer(body, shell.loading.service, patience, request_id)

        return await answered(shell, request, answer)

    async def rerank(
        request: gr.Request,
        query: str,
        documents: list[str] = [],  # noqa: B006  # nobody changes it, and None would be one more type for callers
        images: list[str] = [],  # noqa: B006
        query_image: str = "",
        instruction: str = "",
        score_threshold: float = 0.0,
        top_k: int = 0,
    ) -> str:
        """Puts texts and pictures in the order in which they fit a query: a vision-language model reads each of them
        together with the query and says how well it fits. The answer is a JSON object: `results`, best first, each with
        rank, index (from 0, through the documents and then the images) and score from 0 to 1; the same as a table in
        `markdown`; and margin and warnings.

        Args:
            query: What is looked for, in any language; may be empty where there is a query_image.
            documents: The texts to order.
            images: The pictures to order, each as a data URI or base64; they are counted on after the documents.
            query_image: A picture that belongs to the query, as a data URI or base64.
            instruction: What counts as a good document, in words; empty for a default that fits the query.
            score_threshold: Leaves out results whose score, from 0 to 1, is below; 0 leaves out none.
            top_k: The largest number of results; 0 for all.
        """
        given = {
            "query": _content(query, query_image),
            "instruction": instruction or None,
            "score_threshold": score_threshold or None,
            "top_k": top_k or None,
        }

        def answer(patience: Patience, request_id: str) -> AnswerBody:
            both = [*_listed(documents, "documents"), *({"image": each} for each in _listed(images, "images"))]
            body = RerankBatchBody.model_validate({**given, "documents": both})
            with callers_names([("query.image", "query_image", None), ("query.text", "query", None)]):
                return batch.answer(body, Desk(shell.loading.service, patience, request_id))

        return await answered(shell, request, answer)

    for each in (search, rerank):
        # Not by Gradio's queue: an agent's call would go through it by a request of this server to itself, to whatever
        # address the first caller's headers gave. How many may wait is for the worker of the engine to say.
        api(each, api_name=each.__name__, queue=False, concurrency_limit=None)


def _content(text: str, image: str) -> str | dict[str, str]:
    """A query. What is empty is not there."""
    if not image:
        return text
    return {"text": text, "image": image} if text else {"image": image}


def _listed(values: Sequence[str], name: str) -> Sequence[str]:
    if not isinstance(values, list):
        raise InvalidInput("must be a list of strings", param=name)
    return values


def _object(text: str) -> Any:  # noqa: ANN401  # what it is, is for the body's schema to say
    """Raises InvalidInput."""
    if not text:
        return None
    try:
        return from_json(text, allow_inf_nan=False)
    except ValueError as error:
        raise InvalidInput(
            f'must be a JSON object such as {{"price": {{"$lt": 500}}}}: {error}', param="filter"
        ) from None
