"""What users call an open_clip model, and what to tell them where there is none of that name. Loads no model."""

from difflib import get_close_matches
from pathlib import Path
from typing import Final

import open_clip

from content.errors import ModelError
from indexer.hub import check_reach

_HUB: Final = "hf-hub:"
_CONFIG: Final = "open_clip_config.json"
_WEIGHTS: Final = ("*.safetensors", "*.bin", "*.pth")


def resolved(name: str) -> tuple[str, str | None]:
    """open_clip's own (model name, pretrained tag) of a name as users write it. Raises ModelError."""
    if name.startswith(_HUB):
        check_reach(name.removeprefix(_HUB))
        return name, None
    folder = Path(name).expanduser()
    if name and folder.is_dir():
        _check_folder(folder)
        return f"local-dir:{folder}", None
    model, _, tag = name.rpartition("/")
    if model in open_clip.list_models():
        return model, _checked_tag(model, tag)
    if name in open_clip.list_models():
        raise ModelError(f"{name} needs its weights named too: {_tags(name)}", param="encoder")
    close = get_close_matches(model or name, open_clip.list_models(), n=3, cutoff=0.5)
    hint = f"; models with such a name: {', '.join(close)}" if close else ""
    raise ModelError(
        f"there is no folder {name!r} and no open_clip model MODEL/TAG of this name{hint}", param="encoder"
    )


def _checked_tag(model: str, tag: str) -> str:
    weights = open_clip.get_pretrained_cfg(model, tag)
    if not weights:
        raise ModelError(f"{model} has no weights {tag!r}; there are: {_tags(model)}", param="encoder")
    if repository := weights.get("hf_hub"):
        check_reach(str(repository).rpartition("/")[0])  # `owner/repository/` or `owner/repository/file`
    return tag


def _tags(model: str) -> str:
    tags: list[str] = open_clip.list_pretrained_tags_by_model(model)
    return ", ".join(f"{model}/{tag}" for tag in tags) or "none that open_clip knows of"


def _check_folder(folder: Path) -> None:
    if not (folder / _CONFIG).is_file():
        raise ModelError(f"the folder {folder} holds no open_clip model: {_CONFIG} is missing", param="encoder")
    if not any(True for pattern in _WEIGHTS for _ in folder.glob(pattern)):
        raise ModelError(f"the folder {folder} holds no weights ({', '.join(_WEIGHTS)})", param="encoder")


def wants_quick_gelu(model: str, tag: str | None) -> bool:
    """Some weights were trained with another activation than the model's configuration says; open_clip only warns."""
    return tag is not None and bool(open_clip.get_pretrained_cfg(model, tag).get("quick_gelu", False))


def reason(name: str, tag: str | None, error: BaseException) -> str:
    """One line: what failed, and the first cause of it."""
    first = error
    while (deeper := first.__cause__ or first.__context__) is not None:
        first = deeper
    text = " ".join(str(first).split())[:300] or "no reason given"
    cause = text if isinstance(first, OSError | RuntimeError | ValueError) else f"{type(first).__name__}: {text}"
    if tag is None and not name.startswith(_HUB):
        return f"the encoder in {name} is broken: {cause}"
    return f"the encoder {name} could not be loaded: {cause}"
