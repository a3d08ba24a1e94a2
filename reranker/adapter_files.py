"""The files of an adapter: what it says of itself, and where the base is that it belongs to. Knows no torch and no
peft."""

import json
import os
import textwrap
from dataclasses import dataclass
from pathlib import Path

from content.errors import ModelError
from reranker import files
from reranker.embedded import DEMO

CONFIG = "adapter_config.json"
WEIGHTS = "adapter_model.safetensors"
BASE = "base.json"
_PICKLE = "adapter_model.bin"
_LAYOUT = f"an adapter's folder holds {CONFIG} and {WEIGHTS}"
_NAME = "base_model_name_or_path"


@dataclass(frozen=True, slots=True)
class AdapterFiles:
    """config: the content of adapter_config.json. base: a hub's name, a folder, or `demo`, as the adapter names it."""

    folder: Path
    config: dict[str, object]
    base: str

    @property
    def weights(self) -> Path:
        return self.folder / WEIGHTS


def find(folder: Path) -> AdapterFiles | None:
    """The adapter in `folder`, its files looked over; None where it is a whole checkpoint.

    Raises ModelError, naming the file, where one is missing or broken, or the adapter is of another kind than LoRA.
    """
    if not (folder / CONFIG).exists():
        for name in (WEIGHTS, _PICKLE):
            if (folder / name).exists() and not (folder / files.CONFIG).exists():
                raise ModelError(f"{folder / CONFIG} is missing; {_LAYOUT}")
        return None
    config = files.read_json(folder / CONFIG, _LAYOUT)
    kind, base = config.get("peft_type"), config.get(_NAME)
    if kind != "LORA":
        raise ModelError(
            f"{folder} holds an adapter of the kind {shown(repr(kind))}; those of the kind 'LORA' can be loaded"
        )
    if not isinstance(base, str) or not base:
        raise ModelError(f"{folder / CONFIG} names no base; write the one that was trained on into {_NAME}")
    if (folder / _PICKLE).exists() and not (folder / WEIGHTS).exists():
        raise ModelError(f"{folder / _PICKLE} is a pickle, which may run code; save the adapter as safetensors")
    files.check_weights(folder / WEIGHTS, _LAYOUT)
    return AdapterFiles(folder, config, base)


def base_folder(adapter: AdapterFiles) -> Path:
    """The base's folder, fetched from the hub where it is one of the hub's.

    A folder is looked for where the adapter says, then where it lay as seen from the adapter when that was trained
    (`record_base`): an adapter may be moved alone or together with its base. A path that is not absolute is one from
    the adapter's folder, or from the working folder, as peft writes it.
    Raises ModelError where it is in none of these places, or is an adapter itself.
    """
    try:
        folder = next((place for place in _places(adapter) if place.is_dir()), None) or files.locate(adapter.base)
    except (ModelError, OSError, RuntimeError) as error:  # of paths that no system has, too
        raise ModelError(
            f"the base of the adapter {adapter.folder} cannot be had: {textwrap.shorten(str(error), 300)}; bring it "
            f"there, or write where it is into {_NAME} of {CONFIG}"
        ) from error
    if not (folder / files.CONFIG).exists() and (folder / CONFIG).exists():
        raise ModelError(f"the base of the adapter {adapter.folder} is an adapter itself, {folder}; merge that first")
    return folder


def record_base(base: str, folder: Path) -> str:
    """What an adapter in `folder` is to have as `base_model_name_or_path` when it was trained on `base`: names as they
    are, of a local folder its absolute path. Its place as seen from the adapter is written beside it (`base.json`), so
    that both may be moved together."""
    place = Path(base).expanduser()
    if base == DEMO or not place.is_dir():
        return base
    relative = os.path.relpath(place.resolve(), folder.resolve())
    (folder / BASE).write_text(json.dumps({"relative": Path(relative).as_posix()}) + "\n", encoding="utf-8")
    return str(place.resolve())


def shown(text: object) -> str:
    """For messages: what an adapter's files say, at most 200 characters of it, with those escaped that steer
    terminals."""
    line = textwrap.shorten(str(text), 200)
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in line)


def _places(adapter: AdapterFiles) -> list[Path]:
    if adapter.base == DEMO:
        return []
    named = adapter.folder / adapter.base  # an absolute path stays what it is
    # A checkpoint of a training lies in the folder of the training, one level deeper.
    origins = [origin for origin in (adapter.folder, adapter.folder.parent) if (origin / BASE).is_file()]
    recorded = [(origin, files.read_json(origin / BASE, _LAYOUT).get("relative")) for origin in origins]
    return [named, *(origin / relative for origin, relative in recorded if isinstance(relative, str))]
