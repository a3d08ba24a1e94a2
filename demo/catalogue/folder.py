"""The demo collection's source: a folder with pictures and a table of items, written whole or not at all."""

import json
import random
import shutil
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from pathlib import Path

from demo.catalogue.caption import FULL_WORDINGS, caption, fits
from demo.catalogue.family import ORIGINAL, near_duplicates
from demo.catalogue.item import CatalogueItem, generate
from demo.catalogue.label import labels
from demo.catalogue.metadata import Metadata, metadata
from demo.catalogue.scene import Group, Scene
from demo.catalogue.vocabulary import Language

README_SCENE = Scene((Group("bag", "blue", "plain", 1), Group("mug", "red", "striped", 2)), "left", "wood")
"""Two red striped mugs next to a blue bag: what the README asks for."""

_NEXT_TO = 5  # the wording that the README's query has
_TEXTS = 0.15  # the share of items that are a text without a picture
_LABELS = 0.02  # the share that are a picture of a printed paper
_FEWEST_WITH_LABEL = 20  # a folder of so many items has a label, however small the share
_STAMP = "catalogue.json"
_VERSION = 3  # counts up when the same arguments give other files


def write_folder(
    folder: Path, items: int, seed: int, *, force: bool = False, progress: Callable[[], None] = lambda: None
) -> bool:
    """Writes `pictures/*.png` and `items.jsonl` into `folder`; False where they already are there. The
    same catalogue of an earlier version is drawn anew.

    progress: called once per item. Raises FileExistsError when something else lies in `folder` and `force` is not set.
    """
    stamp = {"items": items, "seed": seed, "version": _VERSION}
    if folder.exists() and not force:
        found = _read_stamp(folder)
        if found == stamp:
            return False
        if any(folder.iterdir()) and not _is_earlier(found, stamp):
            raise FileExistsError(f"{folder} holds something else; choose another folder, or overwrite it with --force")
    unfinished = folder.with_name(folder.name + ".part")
    shutil.rmtree(unfinished, ignore_errors=True)
    (unfinished / "pictures").mkdir(parents=True)
    with (unfinished / "items.jsonl").open("w", encoding="utf-8") as table:
        for row in _rows(unfinished, items, seed):
            table.write(json.dumps(row, ensure_ascii=False) + "\n")
            progress()
    (unfinished / _STAMP).write_text(json.dumps(stamp) + "\n")
    shutil.rmtree(folder, ignore_errors=True)
    unfinished.rename(folder)
    return True


def demo_items(pictures: int, seed: int) -> Iterator[CatalogueItem]:
    """The README's scene with near-duplicates that its query is not true of, then families of the test split."""
    others = near_duplicates(README_SCENE, "test", random.Random(f"readme|{seed}"))
    query = caption(README_SCENE, "en", _NEXT_TO)
    family = {kind: scene for kind, scene in others.items() if not fits(query, "en", _NEXT_TO, scene)}
    family = {ORIGINAL: README_SCENE, **family}
    for number, (kind, scene) in enumerate(list(family.items())[:pictures]):
        yield CatalogueItem(f"readme-{number}", scene, "readme-0", kind, metadata(scene))
    rest = (one for one in generate("test", pictures, seed) if not fits(query, "en", _NEXT_TO, one.scene))
    yield from islice(rest, max(0, pictures - len(family)))


def _rows(folder: Path, items: int, seed: int) -> Iterator[Metadata]:
    papers = max(round(items * _LABELS), 1 if items >= _FEWEST_WITH_LABEL else 0)
    texts = round(items * _TEXTS)
    scenes = items - papers - texts
    for number, item in enumerate(demo_items(scenes, seed)):
        path = f"pictures/{item.id}.png"
        item.picture().save(folder / path, compress_level=1)
        captions = {f"caption_{language}": _sentence(item, language, number) for language in ("en", "zh")}
        yield {"id": item.id, "image": path, **captions, **item.metadata}
    for label in labels(papers, seed):  # they have no caption: what they say is printed on them
        path = f"pictures/{label.id}.png"
        label.picture().save(folder / path, compress_level=1)
        yield {"id": label.id, "image": path, "printed": label.printed, **label.metadata}
    # Texts speak of the first scenes, so that a picture of the collection finds its words, and of half as many others.
    told = [*demo_items(scenes, seed)][: texts // 2]
    told += generate("test", texts - len(told), seed + 1)
    for number, item in enumerate(told):
        language: Language = "en" if number % 2 == 0 else "zh"
        yield {"id": f"text-{number:04d}", "text": _sentence(item, language, number), **item.metadata}


def _sentence(item: CatalogueItem, language: Language | str, number: int) -> str:
    return item.caption("en" if language == "en" else "zh", number % FULL_WORDINGS)


def _is_earlier(found: object, stamp: Mapping[str, int]) -> bool:
    """Whether it is the same catalogue as an earlier version drew it: then it is drawn anew."""
    return (
        isinstance(found, dict)
        and found.get("version", _VERSION) < _VERSION
        and {**found, "version": _VERSION} == stamp
    )


def _read_stamp(folder: Path) -> object:
    path = folder / _STAMP
    return json.loads(path.read_text()) if path.is_file() else None
