"""A LoRA adapter on a loaded model: put on as it is, or merged into the weights. Knows no prompts and no scores."""

import re
import warnings
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import torch
from peft import LoraConfig, PeftModel
from peft.tuners.lora import Linear as LoraLinear
from peft.tuners.tuners_utils import BaseTunerLayer
from peft.utils import set_peft_model_state_dict
from peft.utils.other import AuxiliaryTrainingWrapper
from safetensors.torch import load_file
from transformers import Qwen2_5_VLForConditionalGeneration

from content.errors import ModelError
from reranker.adapter_files import CONFIG, AdapterFiles, shown
from reranker.adapter_patterns import Patterns, require_plain

_NAME = "default"
# What decides the scores, and what peft's own forward and merging do with it.
_MEANT = (
    "r",
    "lora_alpha",
    "target_modules",
    "exclude_modules",
    "fan_in_fan_out",
    "bias",
    "use_rslora",
    "use_dora",
    "lora_bias",
    "modules_to_save",
    "layers_to_transform",
    "layers_pattern",
    "rank_pattern",
    "alpha_pattern",
)
# What tells of training alone, or of where the adapter comes from.
_OF_TRAINING = (
    "base_model_name_or_path",
    "revision",
    "peft_type",
    "peft_version",
    "task_type",
    "auto_mapping",
    "inference_mode",
    "lora_dropout",
    "loftq_config",
    "eva_config",
    "ensure_weight_tying",
    "runtime_config",
)
_MOVED = (
    (r"^base_model\.model\.model\.(layers|embed_tokens|norm)\.", r"base_model.model.model.language_model.\1."),
    (r"^base_model\.model\.visual\.", "base_model.model.model.visual."),
)
_ALL = "all-linear"  # peft's word for it
_HARMLESS_RANK = 256  # of all layers, a gigabyte at most
_HARMLESS_STARTS = (True, False, None, "gaussian", "orthogonal", "eva")  # others change the base, too


def attach(model: Qwen2_5_VLForConditionalGeneration, files: AdapterFiles, *, merged: bool = False) -> None:
    """Puts the adapter on its base, in the base's number format and on its device.

    merged: into the weights of the base, each sum made in float32, so that no layer is another than before. An adapter
    of more than linear layers (`modules_to_save`, the LM head) is merged always: passes read such weights directly.
    Raises ModelError when the adapter does not fit the base, or needs what is not known here. The model is then of no
    use any more.
    """
    config = _config(files)
    weights = _weights(files)
    _refuse_ranks(files, config, weights)
    _resolve(files, config, model)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what peft warns of is refused below, or meant
            adapted = PeftModel(model, config, _NAME)  # the adapter's weights in float32
            report: Any = set_peft_model_state_dict(adapted, weights, _NAME)
    except Exception as error:  # a config or weights of another model can raise anything
        reason = shown(f"{type(error).__name__}: {error}")
        raise ModelError(
            f"the adapter in {files.folder} does not fit its base {shown(files.base)}: {reason}"
        ) from error
    _refuse_misfits(files, report)
    if merged or not _as_it_is(model):
        _refuse_tied(model, files)
        _merge(adapted)
    else:
        _cast(model)
    model.requires_grad_(False)
    model.eval()  # type: ignore[no-untyped-call]


def _config(files: AdapterFiles) -> LoraConfig:
    own = asdict(LoraConfig())
    foreign = {
        key
        for key, value in files.config.items()
        if key not in (*_MEANT, *_OF_TRAINING, "init_lora_weights") and value and value != own.get(key)
    }
    start = files.config.get("init_lora_weights")
    if start not in _HARMLESS_STARTS:
        foreign.add(f"init_lora_weights={start}")
    if foreign:
        named = shown(", ".join(sorted(foreign)))
        raise ModelError(
            f"{files.folder / CONFIG} asks for {named}, which is not known here; merge the "
            "adapter with the program that made it"
        )
    meant: dict[str, Any] = {key: files.config[key] for key in _MEANT if key in files.config}
    try:
        return LoraConfig(**meant)
    except Exception as error:  # values of other types can raise anything
        raise ModelError(
            f"{files.folder / CONFIG} describes no adapter: {shown(f'{type(error).__name__}: {error}')}"
        ) from error


def _weights(files: AdapterFiles) -> dict[str, torch.Tensor]:
    weights = {_as_now(name): tensor for name, tensor in load_file(files.weights).items()}
    broken = [name for name, tensor in weights.items() if not tensor.isfinite().all()]
    if broken:
        raise ModelError(
            f"{len(broken)} tensors in {files.weights} hold what is no number ({shown(min(broken))} is one)"
        )
    return weights


def _refuse_ranks(files: AdapterFiles, config: LoraConfig, weights: Mapping[str, torch.Tensor]) -> None:
    """peft makes room for the ranks that a config names before it looks at any weight, however much room that is."""
    ranks = (tensor.shape[0] for name, tensor in weights.items() if re.search(r"\.lora_(embedding_)?A\b", name))
    most = max(_HARMLESS_RANK, *ranks, 0)
    pattern = config.rank_pattern or {}
    for rank in (config.r, *(pattern.values() if isinstance(pattern, dict) else [pattern])):
        if not isinstance(rank, int) or rank > most:
            raise ModelError(f"{files.folder / CONFIG} names the rank {shown(rank)}, which its weights do not have")


def _resolve(files: AdapterFiles, config: LoraConfig, model: Qwen2_5_VLForConditionalGeneration) -> None:
    """Puts names of layers in the place of all patterns, which whoever wrote the config may have made to run for ever.
    The plain ones among the names that peft puts into patterns of its own stay as they are."""
    found = Patterns(name for name, _ in model.named_modules() if name)
    key = ""
    try:
        for key in ("layers_pattern", "modules_to_save"):
            names = getattr(config, key) or []
            require_plain([names] if isinstance(names, str) else names)
        for key in ("target_modules", "exclude_modules"):
            pattern = getattr(config, key)
            if isinstance(pattern, str) and pattern and not (key == "target_modules" and pattern.lower() == _ALL):
                setattr(config, key, set(found.matching(pattern)))
        for key in ("rank_pattern", "alpha_pattern"):
            setattr(config, key, found.by_name(getattr(config, key) or {}))
    except (ValueError, TypeError, AttributeError) as error:
        raise ModelError(f"{files.folder / CONFIG} has as its {key} {shown(error)}") from error
    if not config.target_modules:
        raise ModelError(f"the target_modules of {files.folder / CONFIG} name no layer of its base {shown(files.base)}")


def _as_now(name: str) -> str:
    """transformers before 4.52 had the language model at `model`, and the vision tower beside it."""
    for old, now in _MOVED:
        name = re.sub(old, now, name)
    return name


def _refuse_misfits(files: AdapterFiles, report: Any) -> None:  # noqa: ANN401
    """peft leaves out what fits nowhere, and lets layers without weights do nothing."""
    if report.unexpected_keys:
        raise ModelError(
            f"{len(report.unexpected_keys)} tensors of the adapter in {files.folder} fit no part of its base "
            f"{shown(files.base)} ({shown(min(report.unexpected_keys))} is one); it was trained on another model"
        )
    missing = [key for key in report.missing_keys if ".lora_" in key or ".modules_to_save." in key]
    if missing:
        raise ModelError(
            f"{files.weights} lacks {len(missing)} of the tensors that its config promises "
            f"({shown(min(missing))} is one)"
        )


def _cast(model: Qwen2_5_VLForConditionalGeneration) -> None:
    for module in model.modules():
        if isinstance(module, BaseTunerLayer):
            module.to(model.dtype)


def _as_it_is(model: Qwen2_5_VLForConditionalGeneration) -> bool:
    """Whether all that is adapted is called as a module by every pass: linear layers, the LM head not among them."""
    wrapped = [module for module in model.modules() if isinstance(module, (BaseTunerLayer, AuxiliaryTrainingWrapper))]
    return not isinstance(model.lm_head, BaseTunerLayer) and all(isinstance(module, LoraLinear) for module in wrapped)


def _refuse_tied(model: Qwen2_5_VLForConditionalGeneration, files: AdapterFiles) -> None:
    ends = (model.lm_head, model.model.language_model.embed_tokens)
    if model.config.tie_word_embeddings and any(not type(end).__module__.startswith("torch.") for end in ends):
        raise ModelError(
            f"the adapter in {files.folder} changes the LM head or the embeddings, which are one in its base "
            f"{shown(files.base)}; train it without them"
        )


def _merge(adapted: PeftModel) -> None:
    """Layer by layer: no more than one of them is there in float32."""
    layers: list[Any] = [layer for layer in adapted.modules() if isinstance(layer, BaseTunerLayer)]
    for layer in layers:
        dtype = layer.get_base_layer().weight.dtype
        layer.to(torch.float32)
        layer.merge(safe_merge=True)
        layer.to(dtype)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that all of them are merged already
        adapted.merge_and_unload()
