"""The second judge: any Qwen2.5-VL instruct checkpoint, asked for a rating from 0 to 10 in words. Knows no
collection."""

import hashlib
import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Self

from transformers import Qwen2_5_VLForConditionalGeneration, Qwen2_5_VLProcessor

from content import Content, Document, Unreadable
from content.errors import InvalidInput
from reranker.checkpoint import load
from reranker.device import choose_device, choose_dtype, choose_quantization
from reranker.fingerprint import fingerprint
from reranker.generation import Answer, Writing
from reranker.instructions import resolve
from reranker.judging import Failure, in_parts
from reranker.pictures import PictureReader
from reranker.placing import weight_bytes
from reranker.progress import Progress, nobody
from reranker.prompt import MAX_TOKENS
from reranker.protocol import Judgement, Step, score_in_steps
from reranker.rating import BEST, read_rating
from reranker.rating_prompt import QUESTION, SYSTEM, messages
from reranker.request import Prompt, Request
from reranker.writer import PromptWriter

logger = logging.getLogger(__name__)

BATCH_SIZE = 8


class GenerativeReranker:
    """Judges documents by what a loaded checkpoint writes about them; safe to use from several threads, whose batches
    take turns on the model.

    A score is a tenth of the rating. What was written is kept in `Judgement.raw`; where it holds no rating the document
    gets score 0.0 and an `error`, which is logged. name, batch_size, max_tokens: as in `LycheeReranker`.
    Raises InvalidInput for a batch_size below 1.
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
        if batch_size < 1:
            raise InvalidInput(f"batch_size is a number from 1, not {batch_size}", param="batch_size")
        self._model = model
        self._processor = processor
        self._name = name or model.config.name_or_path or "generative"
        self._batch_size = batch_size
        pictures = PictureReader(processor.image_processor)
        self._writer = PromptWriter(processor, pictures, max_tokens, messages)
        self._writing = Writing(model, processor, pictures)

    @classmethod
    def from_pretrained(
        cls,
        name_or_folder: str | Path,
        device: str = "auto",
        dtype: str = "auto",
        batch_size: int = BATCH_SIZE,
        known_as: str | None = None,
        quantization: str = "none",
        progress: Progress = nobody,
    ) -> Self:
        """Loads a Qwen2.5-VL checkpoint (`Qwen/Qwen2.5-VL-7B-Instruct`). Arguments and errors as in
        `LycheeReranker.from_pretrained`."""
        target = choose_device(device)
        checkpoint = load(
            name_or_folder,
            device=target,
            dtype=choose_dtype(dtype, target),
            quantization=choose_quantization(quantization),
            progress=progress,
        )
        return cls(checkpoint.model, checkpoint.processor, name=known_as or str(name_or_folder), batch_size=batch_size)

    @property
    def name(self) -> str:
        return self._name

    @property
    def device(self) -> str:
        """Where the model runs, as PyTorch calls it."""
        return str(self._model.device)

    @property
    def dtype(self) -> str:
        """The number format in which it computes, as PyTorch calls it."""
        return str(self._model.dtype).removeprefix("torch.")

    @cached_property
    def weight_bytes(self) -> int:
        """The memory that the model's weights take."""
        return weight_bytes(self._model)

    @cached_property
    def fingerprint(self) -> str:
        """Another than that of the same checkpoint asked for yes or no. Read from every weight when first asked for."""
        parts = (fingerprint(self._model, self._processor), SYSTEM, QUESTION)
        return hashlib.blake2b("\0".join(parts).encode(), digest_size=16).hexdigest()

    def score(self, instruction: str | None, query: Content, documents: Sequence[Document]) -> list[Judgement]:
        """As `LycheeReranker.score`."""
        return score_in_steps(self.steps(instruction, query, documents), len(documents))

    def steps(self, instruction: str | None, query: Content, documents: Iterable[Document]) -> Iterator[Step]:
        """As `Reranker.steps` says."""
        return self._steps(Request(self._writer, resolve(instruction, query), query), documents)

    def _steps(self, request: Request, documents: Iterable[Document]) -> Iterator[Step]:
        numbered = iter(enumerate(documents))
        while window := list(islice(numbered, self._batch_size)):
            made = {place: _prompt(request, document) for place, document in window}
            refused = {place: each for place, each in made.items() if isinstance(each, Judgement)}
            prompts = {place: each for place, each in made.items() if isinstance(each, Prompt)}
            yield _step(refused, prompts, in_parts(self._writing.prepare, list(prompts.values())) if prompts else list)


def _step(
    refused: dict[int, Judgement], prompts: dict[int, Prompt], answers: Callable[[], list[Answer | Failure]]
) -> Step:
    return lambda: (
        refused
        | {
            place: _judgement(prompt, answer)
            for (place, prompt), answer in zip(prompts.items(), answers(), strict=True)
        }
    )


def _prompt(request: Request, document: Document) -> Prompt | Judgement:
    if isinstance(document, Unreadable):
        return Judgement(0.0, error=document.reason)
    try:
        return request.prompt(document)
    except InvalidInput as error:
        return Judgement(0.0, error=error.message)


def _judgement(prompt: Prompt, answer: Answer | Failure) -> Judgement:
    if isinstance(answer, Failure):
        return Judgement(0.0, error=answer.reason)
    rating = read_rating(answer.text, complete=answer.complete)
    error = None
    if rating is None:
        cut = "" if answer.complete else " before it was cut off"
        error = f"the model wrote no rating from 0 to 10 but {answer.text!r}{cut}"
        logger.error(error)
    return Judgement(
        score=0.0 if rating is None else rating / BEST,
        tokens=len(prompt),
        truncated=prompt.truncated,
        error=error,
        raw=answer.text,
    )
