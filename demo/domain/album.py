"""The pictures that examples name: scenes by the path that they will have. Knows no examples."""

import hashlib
from pathlib import Path
from typing import Final

from demo.catalogue.picture import draw
from demo.catalogue.scene import Scene

FOLDER: Final = "pictures"
_NAME: Final = 16  # digits


class Album:
    """Keeps scenes until they are drawn. The same scene has the same path and the same pixels in every album."""

    def __init__(self) -> None:
        self._scenes: dict[str, Scene] = {}

    def path(self, scene: Scene) -> str:
        """Where the scene's picture will lie, below the folder of the examples."""
        path = f"{FOLDER}/{hashlib.sha256(repr(scene).encode()).hexdigest()[:_NAME]}.png"
        self._scenes[path] = scene
        return path

    def write(self, folder: Path) -> None:
        """Draws all that was asked for. Raises OSError."""
        (folder / FOLDER).mkdir(parents=True, exist_ok=True)
        for path, scene in self._scenes.items():
            draw(scene, path).save(folder / path)
