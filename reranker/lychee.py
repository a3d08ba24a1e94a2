"""The Lychee reranker: a Qwen2.5-VL that answers yes or no to (instruction, query, document). Knows no collection."""

import math
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property, partial
from itertools import islice
from pathlib import Path
from typing import Self

from PIL import Image
from transformers import Qwen2_5_VLForConditionalGeneration, Qwen2_5_VLProcessor

from content import Content, Document, Unreadable
from content.errors import InvalidInput, ModelError
from reranker.checkpoint import load
from reranker.device import choose_device, choose_dtype
from reranker.documents import RankedDocuments, as_documents, as_query, raise_first_error, ranked_documents
from reranker.fingerprint import fingerprint
from reranker.instructions import resolve
from reranker.judging import Failure, Verdict, judge
from reranker.pictures import PictureReader
from reranker.plain import BATCH_SIZE, PlainPass
from reranker.prompt import NO, YES
from reranker.protocol import Judgement, Step, score_in_steps
from reranker.ranking import check_cuts, rank
from reranker.request import Prompt, Request
from reranker.writer import MAX_TOKENS, PromptWriter

WINDOW = 32  # documents of a step


class LycheeReranker:
    """Judges documents with a loaded checkpoint; safe to use from several threads.

    name: what others call it; by default where the model came from. batch_size: documents per forward of the model.
    max_tokens: the longest prompt, pictures included; a document's text beyond it is cut.
    Raises ModelError when the tokenizer has no single tokens `yes` and `no`.
    """

    def __init__(
        self,
        model: Qwen2_5_VLForConditionalGeneration,
        processor: Qwen2_5_VLProcessor,
        *,
        name: str | None = None,
        batch_size: int = BATCH_SIZE,
        max_tokens: int = MAX_TOKENS,
    ) -> None:
        self._model = model
        self._processor = processor
        self._name = name or model.config.name_or_path or "lychee"
        pictures = PictureReader(processor.image_processor)
        verdicts = (_single_token(processor, YES), _single_token(processor, NO))
        self._writer = PromptWriter(processor, pictures, max_tokens)
        self._pass = PlainPass(model, pictures, verdicts, batch_size=batch_size)

    @classmethod
    def from_pretrained(
        cls,
        name_or_folder: str | Path,
        device: str = "auto",
        dtype: str = "auto",
        batch_size: int = BATCH_SIZE,
        known_as: str | None = None,
    ) -> Self:
        """Loads a checkpoint of the Lychee layout (Qwen2.5-VL and its processor).

        name_or_folder: a folder, or a name of the hub (`vec-ai/lychee-rerank-mm`). device: auto, cpu, cuda, cuda:1,
        mps. dtype: auto, bf16, fp16, fp32; `reranker.device` says what auto means. known_as: the `name` of the
        reranker, where users call it otherwise.
        Raises ModelError when the checkpoint is missing, broken or of another kind; InvalidInput for device and dtype.
        """
        target = choose_device(device)
        checkpoint = load(name_or_folder, device=target, dtype=choose_dtype(dtype, target))
        return cls(checkpoint.model, checkpoint.processor, name=known_as or str(name_or_folder), batch_size=batch_size)

    @property
    def name(self) -> str:
        return self._name

    @cached_property
    def fingerprint(self) -> str:
        """Read from every weight when first asked for, which takes some seconds for a large model."""
        return fingerprint(self._model, self._processor)

    def score(self, instruction: str | None, query: Content, documents: Sequence[Document]) -> list[Judgement]:
        """One judgement per document, in the same order; `[]` gives `[]`.

        instruction: the task in the user's words or a name of `INSTRUCTIONS`; None takes the default for this kind of
        query. A document that cannot be judged gets score 0.0 and an `error`.
        Raises InvalidInput when the query cannot be read or is too long.
        """
        return score_in_steps(self.steps(instruction, query, documents), len(documents))

    def steps(self, instruction: str | None, query: Content, documents: Iterable[Document]) -> Iterator[Step]:
        """As `Reranker.steps` says."""
        request = Request(self._writer, resolve(instruction, query), query)
        return self._steps(request, documents)

    def _steps(self, request: Request, documents: Iterable[Document]) -> Iterator[Step]:
        numbered = iter(enumerate(documents))
        while window := [(place, _prompt(request, document)) for place, document in islice(numbered, WINDOW)]:
            yield partial(self._judge, window)

    def _judge(self, window: Sequence[tuple[int, Prompt | Failure]]) -> dict[int, Judgement]:
        ready = [prompt for _, prompt in window if isinstance(prompt, Prompt)]
        verdicts = iter(judge(self._pass, ready))
        return {
            place: _judgement(prompt, next(verdicts)) if isinstance(prompt, Prompt) else _refused(prompt)
            for place, prompt in window
        }

    def rerank(
        self,
        query: str | Content,
        *,
        documents: Sequence[str | Document | Image.Image] | None = None,
        images: Sequence[Image.Image] | None = None,
        instruction: str | None = None,
        score_threshold: float | None = None,
        top_k: int | None = None,
        raise_on_error: bool = False,
    ) -> RankedDocuments:
        """The documents or the images (one of the two), best first, as `reranker.ranking.rank` orders and cuts them.

        raise_on_error: raises InvalidInput for the first document that cannot be judged, instead of putting it last.
        Raises InvalidInput as `score` does, and for values out of range.
        """
        check_cuts(score_threshold, top_k)
        query = as_query(query)
        candidates = as_documents(documents, images)
        judgements = self.score(instruction, query, candidates)
        if raise_on_error:
            raise_first_error(judgements)
        ranking = rank(judgements, score_threshold=score_threshold, top_k=top_k)
        return ranked_documents(ranking, candidates, model=self.name, instruction=resolve(instruction, query))


def _single_token(processor: Qwen2_5_VLProcessor, word: str) -> int:
    tokens = processor.tokenizer.encode(word, add_special_tokens=False)
    if len(tokens) != 1:
        raise ModelError(f"the tokenizer takes {len(tokens)} tokens for {word!r}; a Lychee reranker answers in one")
    return int(tokens[0])


def _prompt(request: Request, document: Document) -> Prompt | Failure:
    if isinstance(document, Unreadable):
        return Failure(document.reason)
    try:
        return request.prompt(document)
    except InvalidInput as error:
        return Failure(error.message)


def _judgement(prompt: Prompt, verdict: Verdict | Failure) -> Judgement:
    if isinstance(verdict, Failure):
        return _refused(verdict)
    yes, no = verdict
    score = (1 + math.tanh((yes - no) / 2)) / 2  # softmax over (yes, no), in a form that cannot overflow
    return Judgement(score=score, logits=(yes, no), tokens=len(prompt), truncated=prompt.truncated)


def _refused(failure: Failure) -> Judgement:
    return Judgement(score=0.0, error=failure.reason)
