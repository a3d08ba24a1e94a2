"""The files of a checkpoint: found in a folder or fetched from the hub, and looked over before anything is loaded.
Knows no torch."""

import json
from pathlib import Path

from huggingface_hub import snapshot_download
from huggingface_hub.errors import (
    GatedRepoError,
    HfHubHTTPError,
    HFValidationError,
    LocalEntryNotFoundError,
    RepositoryNotFoundError,
)
from safetensors import SafetensorError, safe_open

from content.errors import ModelError
from reranker.embedded import DEMO, embedded

MODEL_TYPE = "qwen2_5_vl"
CONFIG = "config.json"
WEIGHTS = "model.safetensors"
WEIGHTS_INDEX = "model.safetensors.index.json"
TOKENIZER = ("tokenizer.json", "vocab.json")
PROCESSOR = ("preprocessor_config.json", "processor_config.json")
LAYOUT = "a reranker's folder holds config.json, model*.safetensors, and the files of tokenizer and processor"


def locate(name_or_folder: str | Path) -> Path:
    """The folder of a checkpoint or an adapter: the one given, the embedded one for the name `demo`, or the copy of the
    hub's, downloaded where it is not here yet.

    Raises ModelError when it is none of these, or the hub is out of reach.
    """
    if name_or_folder == DEMO:
        return embedded("reranker")
    folder = Path(name_or_folder).expanduser()
    if folder.is_dir():
        return folder
    if folder.exists():
        raise ModelError(f"{folder} is a file; {LAYOUT}")
    name = str(name_or_folder)
    if isinstance(name_or_folder, Path) or name.count("/") != 1 or name.startswith((".", "/", "~")):
        raise ModelError(f"there is no folder {name}; give a checkpoint's folder or a name of the hub (owner/name)")
    return _download(name)


def check(folder: Path) -> None:
    """Raises ModelError, naming the file, when one of a Qwen2.5-VL is missing, or config or weights are broken."""
    config = read_json(folder / CONFIG)
    kind = config.get("model_type")
    if kind != MODEL_TYPE:
        raise ModelError(f"{folder} holds a model of type {kind!r}; a Lychee reranker is a {MODEL_TYPE!r}")
    for path in _weight_files(folder):
        check_weights(path)
    for names in (TOKENIZER, PROCESSOR):
        if not any((folder / name).is_file() for name in names):
            raise ModelError(f"{folder} holds no {' or '.join(names)}; {LAYOUT}")


def _download(name: str) -> Path:
    try:
        return Path(snapshot_download(name, allow_patterns=["*.json", "*.jinja", "*.txt", "*.safetensors"]))
    except HFValidationError as error:
        raise ModelError(f"there is no folder {name}, and the hub has no names like that (owner/name)") from error
    except GatedRepoError as error:
        raise ModelError(
            f"the hub hands out {name} only to those who asked for access; log in with `hf auth`"
        ) from error
    except RepositoryNotFoundError as error:
        raise ModelError(f"there is no folder {name}, and the hub knows no model of that name") from error
    except LocalEntryNotFoundError as error:
        raise ModelError(
            f"there is no folder {name}, no downloaded copy of a hub model of that name, and the hub cannot be reached"
        ) from error
    except (HfHubHTTPError, OSError) as error:
        raise ModelError(f"the download of {name} from the hub failed: {str(error).partition(chr(10))[0]}") from error


def _weight_files(folder: Path) -> list[Path]:
    if not (folder / WEIGHTS_INDEX).exists():
        return [folder / WEIGHTS]
    shards = read_json(folder / WEIGHTS_INDEX).get("weight_map")
    if not isinstance(shards, dict) or not shards or not all(isinstance(shard, str) for shard in shards.values()):
        raise ModelError(f"{folder / WEIGHTS_INDEX} names no weights")
    return [folder / shard for shard in sorted(set(shards.values()))]


def check_weights(path: Path, layout: str = LAYOUT) -> None:
    """Raises ModelError where a file in safetensors is missing, damaged or cut off. layout: what belongs there."""
    if not path.is_file():
        raise ModelError(f"{path} is missing; {layout}")
    try:
        with safe_open(path, framework="np") as weights:
            weights.keys()
    except (SafetensorError, OSError) as error:
        raise ModelError(f"{path} is damaged or incomplete ({error}); copy or download it again") from error


def read_json(path: Path, layout: str = LAYOUT) -> dict[str, object]:
    """Raises ModelError where the file is missing or no JSON object. layout: what belongs there."""
    if not path.is_file():
        raise ModelError(f"{path} is missing; {layout}")
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise ModelError(f"{path} cannot be read: {error}") from error
    if not isinstance(content, dict):
        raise ModelError(f"{path} is no JSON object")
    return content
