"""The models that come with an installation, beside the package `demo`. Knows nothing of what is in them."""

from importlib.util import find_spec
from pathlib import Path

from content.errors import ModelError

DEMO = "demo"


def embedded(part: str) -> Path:
    """The folder of the embedded `encoder` or `reranker`. Raises ModelError where the installation has none."""
    package = find_spec(DEMO)  # looks for the package without importing it
    if package is None or not package.submodule_search_locations:
        raise ModelError(f"this installation comes without the demo {part}; name another model", param=part)
    return Path(package.submodule_search_locations[0]) / "models" / part
