"""Answers in words: batches of whole prompts, left-padded, continued greedily. Knows no ratings and no scores."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from torch.nn.utils.rnn import pad_sequence
from transformers import GenerationConfig, Qwen2_5_VLForConditionalGeneration, Qwen2_5_VLProcessor

from reranker.pictures import PictureReader
from reranker.request import Prompt

NEW_TOKENS = 32  # `Score: 8.2` takes seven in Qwen's tokenizer, which writes digit by digit


@dataclass(frozen=True, slots=True)
class Answer:
    """What the model wrote. complete: it ended the answer itself; else it was cut off."""

    text: str
    complete: bool


class Writing:
    """Continues prompts with a Qwen2.5-VL: the likeliest token each time, whatever sampling the checkpoint asks for.
    Safe in several threads, which take turns."""

    def __init__(
        self,
        model: Qwen2_5_VLForConditionalGeneration,
        processor: Qwen2_5_VLProcessor,
        pictures: PictureReader,
        new_tokens: int = NEW_TOKENS,
    ) -> None:
        self._model: Any = model  # transformers declares `generate` for models that declare more than they do
        self._turn = threading.Lock()  # the model remembers where the pictures of the batch in progress stand
        self._tokenizer = processor.tokenizer
        self._pictures = pictures
        self._image_id = model.config.image_token_id
        self._ends = _end_tokens(model, self._tokenizer.eos_token_id)
        self._config = GenerationConfig(  # type: ignore[no-untyped-call]
            max_new_tokens=new_tokens,
            eos_token_id=sorted(self._ends),
            pad_token_id=min(self._ends),  # behind an answer's end it says nothing, and before a prompt it is masked
            do_sample=False,
            num_beams=1,
            # Said outright: what is left open is filled from the checkpoint, and Qwen2.5-VL's asks for 1.05.
            repetition_penalty=1.0,
            temperature=1.0,
            top_p=1.0,
            top_k=50,
        )

    def prepare(self, prompts: Sequence[Prompt]) -> Callable[[], list[Answer]]:
        """One batch, made ready on any thread; what it gives is called on the device's thread and gives one answer per
        prompt, in order."""
        inputs = self._inputs(prompts)
        return lambda: self._write(inputs)

    @torch.inference_mode()
    def _write(self, inputs: dict[str, Tensor]) -> list[Answer]:
        moved = {name: tensor.to(self._model.device) for name, tensor in inputs.items()}
        with self._turn:
            whole = self._model.generate(**moved, generation_config=self._config)  # (n, longest + new)
        return [self._answer(row) for row in whole[:, inputs["input_ids"].shape[1] :].tolist()]

    def _answer(self, tokens: list[int]) -> Answer:
        end = next((place for place, token in enumerate(tokens) if token in self._ends), len(tokens))
        text = self._tokenizer.decode(tokens[:end], skip_special_tokens=True)
        return Answer(text, complete=end < len(tokens))

    def _inputs(self, prompts: Sequence[Prompt]) -> dict[str, Tensor]:
        ids = [prompt.input_ids for prompt in prompts]
        padded = pad_sequence(ids, batch_first=True, padding_side="left")  # (n, longest)
        mask = pad_sequence([torch.ones_like(row) for row in ids], batch_first=True, padding_side="left")
        inputs = {"input_ids": padded, "attention_mask": mask}
        if pictures := [picture for prompt in prompts for picture in prompt.pictures]:
            inputs["pixel_values"], inputs["image_grid_thw"] = self._pictures.patches(pictures)
            inputs["mm_token_type_ids"] = (padded == self._image_id).int()  # without it there are no 3-D positions
        return inputs


def _end_tokens(model: Qwen2_5_VLForConditionalGeneration, own: int) -> frozenset[int]:
    """Those of the checkpoint's generation config, of which Qwen2.5-VL has two, and the tokenizer's."""
    named: int | list[int] | None = model.generation_config.eos_token_id
    return frozenset([own, *([named] if isinstance(named, int) else named or [])])
