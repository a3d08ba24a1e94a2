"""The Lychee reranker: a Qwen2.5-VL that answers yes or no to (instruction, query, document). Knows no collection."""

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from copy import copy
from functools import cached_property
from pathlib import Path
from typing import Literal, Self, get_args

from PIL import Image
from transformers import Qwen2_5_VLForConditionalGeneration, Qwen2_5_VLProcessor

from content import Content, Document, Unreadable
from content.errors import InvalidInput, ModelError
from reranker.checkpoint import load
from reranker.device import choose_device, choose_dtype, choose_quantization
from reranker.display import Display, Normalize, Scale
from reranker.documents import RankedDocuments, as_documents, as_query, ranked_documents
from reranker.features import FeatureStore
from reranker.fingerprint import fingerprint
from reranker.instructions import resolve
from reranker.judging import Failure, JudgingPass, Verdict, Verdicts, prepare
from reranker.pictures import Picture, PictureReader
from reranker.placing import weight_bytes
from reranker.plain import BATCH_SIZE, PlainPass
from reranker.progress import Progress, nobody
from reranker.prompt import MAX_TOKENS, NO, YES
from reranker.protocol import Judgement, Step, score_in_steps
from reranker.ranking import check_cuts, raise_first_error, rank
from reranker.request import Prompt, Request
from reranker.shared import SharedPass, default_batch_tokens
from reranker.vision import VisionTower
from reranker.writer import PromptWriter

Passes = Literal["shared", "plain"]


class LycheeReranker:
    """Judges documents with a loaded checkpoint; safe to use from several threads.

    name: what others call it; by default where the model came from. passes: `shared` reads a query once for all its
    documents; `plain` reads every prompt in full, as the reference does. batch_tokens: tokens per forward of the shared
    pass, which bound its memory; None takes what suits the device. batch_size: prompts per forward of the plain pass.
    features: where the vision tower's output is kept; None keeps nothing, and the plain pass asks for nothing.
    max_tokens: the longest prompt, pictures included; a document's text beyond it is cut.
    Raises ModelError when the tokenizer has no single tokens `yes` and `no`, or for a model that only the plain pass
    can run; InvalidInput for values out of range.
    """

    def __init__(
        self,
        model: Qwen2_5_VLForConditionalGeneration,
        processor: Qwen2_5_VLProcessor,
        *,
        name: str | None = None,
        passes: Passes = "shared",
        batch_tokens: int | None = None,
        batch_size: int = BATCH_SIZE,
        features: FeatureStore | None = None,
        max_tokens: int = MAX_TOKENS,
    ) -> None:
        self._model = model
        self._processor = processor
        self._name = name or model.config.name_or_path or "lychee"
        pictures = PictureReader(processor.image_processor)
        verdicts = (_single_token(processor, YES), _single_token(processor, NO))
        self._writer = PromptWriter(processor, pictures, max_tokens)
        self._documents = pictures
        self._whole = True
        if passes not in get_args(Passes):
            raise InvalidInput(f"passes is one of {', '.join(get_args(Passes))}, not {passes!r}", param="passes")
        if batch_size < 1 or (batch_tokens is not None and batch_tokens < 1):
            raise InvalidInput("batch_size and batch_tokens are numbers from 1", param="batch_size")
        budget = batch_tokens or default_batch_tokens(model.device)
        self._tower = VisionTower(model.model.visual, pictures, features, budget)
        self._pass: JudgingPass = (
            SharedPass(model, self._tower, verdicts, batch_tokens=budget)
            if passes == "shared"
            else PlainPass(model, pictures, verdicts, batch_size=batch_size)
        )

    @classmethod
    def from_pretrained(
        cls,
        name_or_folder: str | Path,
        device: str = "auto",
        dtype: str = "auto",
        known_as: str | None = None,
        passes: Passes = "shared",
        batch_tokens: int | None = None,
        batch_size: int = BATCH_SIZE,
        features: FeatureStore | None = None,
        quantization: str = "none",
        progress: Progress = nobody,
    ) -> Self:
        """Loads a checkpoint of the Lychee layout (Qwen2.5-VL and its processor), or a LoRA adapter on one.

        name_or_folder: a folder, a name of the hub (`vec-ai/lychee-rerank-mm`), or `demo`, the embedded one. device:
        auto, cpu, cuda, cuda:1, mps. dtype: auto, bf16, fp16, fp32; `reranker.device` says what auto means. known_as:
        the `name` of the reranker, where users call it otherwise. quantization: none, int8, int4; as
        `reranker.checkpoint.load` says. progress: told how far the loading is.
        Raises ModelError when the checkpoint is missing, broken or of another kind, or too large for the device;
        InvalidInput for device, dtype and quantization.
        """
        target = choose_device(device)
        checkpoint = load(
            name_or_folder,
            device=target,
            dtype=choose_dtype(dtype, target),
            quantization=choose_quantization(quantization),
            progress=progress,
        )
        return cls(
            checkpoint.model,
            checkpoint.processor,
            name=known_as or str(name_or_folder),
            passes=passes,
            batch_tokens=batch_tokens,
            batch_size=batch_size,
            features=features,
        )

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

    @property
    def fingerprint(self) -> str:
        """Read from every weight when first asked for, which takes some seconds for a large model."""
        return self._weights if self._whole else f"{self._weights}-{self.max_pixels}"

    @cached_property
    def _weights(self) -> str:
        return fingerprint(self._model, self._processor)

    @property
    def max_pixels(self) -> int:
        """What a document's picture is scaled to where it has more."""
        return self._documents.max_pixels

    def at_pixels(self, max_pixels: int) -> "LycheeReranker":
        """The same model, with its passes and caches, reading documents' pictures with at most so many pixels; the
        query's as before. Takes no time and no memory.

        Raises InvalidInput for fewer than four tokens have (3,136).
        """
        view = copy(self)
        view._documents = PictureReader(self._processor.image_processor, max_pixels)
        view._whole = False
        return view

    def score(self, instruction: str | None, query: Content, documents: Sequence[Document]) -> list[Judgement]:
        """One judgement per document, in the same order; `[]` gives `[]`.

        instruction: the task in the user's words or a name of `INSTRUCTIONS`; None takes the default for this kind of
        query. A document that cannot be judged gets score 0.0 and an `error`.
        Raises InvalidInput when the query cannot be read or is too long.
        """
        return score_in_steps(self.steps(instruction, query, documents), len(documents))

    def steps(self, instruction: str | None, query: Content, documents: Iterable[Document]) -> Iterator[Step]:
        """As `Reranker.steps` says."""
        request = Request(self._writer, resolve(instruction, query), query, self._documents)
        return self._steps(request, documents)

    def see(self, images: Iterable[Image.Image]) -> Iterator[Callable[[], int]]:
        """Reads pictures before anybody asks, so that the store of features has them: steps, as those of `steps`, each
        of which gives how many pictures it stands for. Pictures that the model cannot read are passed over.
        """
        return self._tower.steps(self._pictures(images))

    def _pictures(self, images: Iterable[Image.Image]) -> Iterator[Picture]:
        for image in images:
            with suppress(InvalidInput):
                yield from self._writer.pictures(Content(image=image))

    def _steps(self, request: Request, documents: Iterable[Document]) -> Iterator[Step]:
        places: dict[Prompt, int] = {}
        refused: dict[int, Judgement] = {}

        def prompts() -> Iterator[Prompt]:
            for place, document in enumerate(documents):
                made = _prompt(request, document)
                if isinstance(made, Failure):
                    refused[place] = _refused(made)
                else:
                    places[made] = place
                    yield made

        for batch in self._pass.batches(prompts()):
            yield _step([(places.pop(prompt), prompt) for prompt in batch], prepare(self._pass, batch))
        if refused:
            yield lambda: refused

    def rerank(
        self,
        query: str | Content,
        *,
        documents: Sequence[str | Document | Image.Image] | None = None,
        images: Sequence[Image.Image] | None = None,
        instruction: str | None = None,
        score_threshold: float | None = None,
        top_k: int | None = None,
        scale: Scale = 1,
        normalize: Normalize | None = None,
        raise_on_error: bool = False,
    ) -> RankedDocuments:
        """The documents or the images (one of the two), best first, as `reranker.ranking.rank` orders and cuts them.

        scale, normalize: how the scores are shown, as in `Display`; they change nothing else. raise_on_error: raises
        InvalidInput, `param` `documents[i]` or `images[i]`, for the first document that cannot be judged, instead of
        putting it last.
        Raises InvalidInput as `score` does, and for values out of range.
        """
        check_cuts(score_threshold, top_k)
        display = Display(scale, normalize)
        query = as_query(query)
        candidates = as_documents(documents, images)
        judgements = self.score(instruction, query, candidates)
        if raise_on_error:
            raise_first_error(judgements, ("documents[{}]" if images is None else "images[{}]").format)
        ranking = rank(judgements, score_threshold=score_threshold, top_k=top_k, display=display)
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


def _step(batch: Sequence[tuple[int, Prompt]], verdicts: Verdicts) -> Step:
    return lambda: {
        place: _judgement(prompt, verdict) for (place, prompt), verdict in zip(batch, verdicts(), strict=True)
    }


def _judgement(prompt: Prompt, verdict: Verdict | Failure) -> Judgement:
    if isinstance(verdict, Failure):
        return _refused(verdict)
    yes, no = verdict
    score = (1 + math.tanh((yes - no) / 2)) / 2  # softmax over (yes, no), in a form that cannot overflow
    return Judgement(score=score, logits=(yes, no), tokens=len(prompt), truncated=prompt.truncated)


def _refused(failure: Failure) -> Judgement:
    return Judgement(score=0.0, error=failure.reason)
