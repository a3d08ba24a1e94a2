"""A checkpoint of the Lychee layout, loaded whole or not at all, and written. Knows no prompts and no scores."""

import logging
import shutil
import textwrap
import threading
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from transformers import AutoProcessor, Qwen2_5_VLConfig, Qwen2_5_VLForConditionalGeneration, Qwen2_5_VLProcessor
from transformers.utils import logging as transformers_logging

from content.errors import ModelError
from reranker import adapter_files, files
from reranker.device import choose_attention
from reranker.placing import place, shown_bytes
from reranker.progress import Counted, Progress, nobody
from reranker.quantized import Quantization, muted, require

logger = logging.getLogger(__name__)

SHARD = "5GB"
_STORED = {"bfloat16": torch.bfloat16, "float16": torch.float16}
_quiet_lock = threading.Lock()


@dataclass(frozen=True, slots=True, eq=False)
class Checkpoint:
    model: Qwen2_5_VLForConditionalGeneration
    processor: Qwen2_5_VLProcessor


def load(
    name_or_folder: str | Path,
    *,
    device: torch.device,
    dtype: torch.dtype,
    quantization: Quantization = "none",
    merged: bool = False,
    progress: Progress = nobody,
) -> Checkpoint:
    """A Qwen2.5-VL in evaluation mode, and its processor.

    name_or_folder: a folder, or a name of the hub (`vec-ai/lychee-rerank-mm`); the network is used for the latter only.
    What is there may be a LoRA adapter of peft's: it is put on its base as it is, or merged into it, which it is
    always before quantising.
    quantization: of all linear layers but the LM head; the weights are read on the CPU and made small one by one, so
    that `device` never holds the whole of them. What the model takes is logged, too.
    Raises ModelError, in one sentence, for whatever is missing, broken, of another kind or out of reach.
    """
    require(quantization)
    found = files.locate(name_or_folder)
    adapter = adapter_files.find(found)
    folder = found if adapter is None else adapter_files.base_folder(adapter)
    files.check(folder)
    with quiet(progress, "reading the weights"):
        config = _load_config(folder)
        processor = load_processor(folder)
        model = _load_model(folder, config, device, dtype)
    if processor.image_token_id != model.config.image_token_id:
        raise ModelError(
            f"tokenizer and model in {folder} mean different tokens by a picture; they belong to two models"
        )
    if adapter is not None:
        with muted():
            from reranker.adapter import attach  # costs peft, and what that looks for

        attach(model, adapter, merged=merged or quantization != "none")
    size = place(model, device, quantization, progress)
    outcome = f"the model takes {shown_bytes(size)} on {device}"
    logger.info(outcome)
    progress(outcome, 1.0)
    return Checkpoint(model, processor)


def save(
    model: Qwen2_5_VLForConditionalGeneration, processor: Qwen2_5_VLProcessor, folder: Path, progress: Progress = nobody
) -> None:
    """Writes what `load` reads, and any other loader of a Qwen2.5-VL: config, weights in safetensors, tokenizer,
    processor and chat template. Raises OSError."""
    with quiet(progress, "writing the weights"):
        model.save_pretrained(folder, max_shard_size=SHARD)
        processor.save_pretrained(folder)
    for path in folder.glob("*.safetensors"):  # which only their owner may read
        shutil.copymode(folder / files.CONFIG, path)


def stored_dtype(folder: Path) -> torch.dtype:
    """The number format of a checkpoint's weights, as its config has it; float32 where that does not say."""
    config = files.read_json(folder / files.CONFIG)
    return _STORED.get(str(config.get("dtype") or config.get("torch_dtype")), torch.float32)


def _load_config(folder: Path) -> Qwen2_5_VLConfig:
    try:
        return Qwen2_5_VLConfig.from_pretrained(folder, local_files_only=True)
    except Exception as error:  # a broken file can raise anything
        raise ModelError(f"{folder / files.CONFIG} describes no model: {_in_one_line(error)}") from error


def load_processor(folder: Path) -> Qwen2_5_VLProcessor:
    try:
        processor = AutoProcessor.from_pretrained(folder, local_files_only=True)  # type: ignore[no-untyped-call]
    except Exception as error:  # a broken file can raise anything
        raise ModelError(f"tokenizer or processor in {folder} cannot be loaded: {_in_one_line(error)}") from error
    if not isinstance(processor, Qwen2_5_VLProcessor):
        raise ModelError(f"the processor in {folder} is missing or none of Qwen2.5-VL; {files.LAYOUT}")
    if processor.chat_template is None:
        raise ModelError(f"{folder} has no chat template (chat_template.jinja); {files.LAYOUT}")
    return processor


def _load_model(
    folder: Path, config: Qwen2_5_VLConfig, device: torch.device, dtype: torch.dtype
) -> Qwen2_5_VLForConditionalGeneration:
    try:
        loaded: Any = Qwen2_5_VLForConditionalGeneration.from_pretrained(
            folder,
            config=config,
            local_files_only=True,
            use_safetensors=True,
            dtype=dtype,
            attn_implementation=choose_attention(device, dtype),
            # Reported instead of raised, and refused below with the weight's name.
            ignore_mismatched_sizes=True,
            output_loading_info=True,
        )
    except Exception as error:  # a broken file can raise anything
        raise ModelError(f"the model in {folder} cannot be loaded: {_in_one_line(error)}") from error
    model: Qwen2_5_VLForConditionalGeneration = loaded[0]
    report: dict[str, Any] = loaded[1]
    _refuse_gaps(folder, missing=report["missing_keys"], misshapen=report["mismatched_keys"])
    if report["unexpected_keys"]:
        logger.warning("%d tensors in %s belong to no part of the model", len(report["unexpected_keys"]), folder)
    return model


def _refuse_gaps(folder: Path, *, missing: set[str], misshapen: set[tuple[str, object, object]]) -> None:
    """transformers fills gaps with random weights, which would judge at random."""
    if missing:
        raise ModelError(f"the weights in {folder} lack {len(missing)} of the model's tensors ({min(missing)} is one)")
    if misshapen:
        name = min(key for key, *_ in misshapen)
        raise ModelError(
            f"{len(misshapen)} tensors in {folder} have another shape than its config says ({name} is one)"
        )


def _in_one_line(error: Exception) -> str:
    return textwrap.shorten(f"{type(error).__name__}: {error}", 200)


@contextmanager
def quiet(progress: Progress, what: str) -> Iterator[None]:
    """transformers' progress bars and reports are switched off for a time: how far it is with `what`, and errors, are
    told by our own."""

    def bar(silent: Callable[..., Any], items: tuple[Any, ...], options: dict[str, Any]) -> Any:  # noqa: ANN401
        if len(items) == 1 and isinstance(items[0], Collection):
            return Counted(items[0], what, progress)
        return silent(*items, **options)

    with _quiet_lock:
        verbosity, bars = transformers_logging.get_verbosity(), transformers_logging.is_progress_bar_enabled()
        transformers_logging.set_verbosity(logging.CRITICAL)
        transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        hook = transformers_logging.set_tqdm_hook(bar)
        try:
            yield
        finally:
            transformers_logging.set_tqdm_hook(hook)
            transformers_logging.set_verbosity(verbosity)
            if bars:
                transformers_logging.enable_progress_bar()  # type: ignore[no-untyped-call]
