"""`python -m evaluation.folder.from_demo FOLDER`: the demo catalogue's evaluation set as a folder in BEIR form."""

import argparse
import json
import sys
from pathlib import Path
from typing import Final

from rich.progress import track

from demo.catalogue import CatalogueItem, evaluation_set
from evaluation.demo.collections import stored_id
from evaluation.demo.sides import document_text, query_text
from evaluation.folder.folder import CORPUS, QUERIES

_LANGUAGE: Final = "en"


def write_demo(folder: Path, items: int, queries: int, seed: int) -> None:
    """Documents are a picture, a text or both, in turn; queries are texts in other words. A near-duplicate of the right
    document, of the same family, has grade 1, the right one grade 2.

    Raises FileExistsError where the folder holds something already.
    """
    if folder.exists() and any(folder.iterdir()):
        raise FileExistsError(f"{folder} holds something already; name another folder")
    data = evaluation_set(items=items, queries=queries, seed=seed)
    (folder / "pictures").mkdir(parents=True)
    (folder / "qrels").mkdir()
    with (folder / CORPUS).open("w", encoding="utf-8") as corpus:
        for at, item in enumerate(track(data.items, "Drawing")):
            corpus.write(json.dumps(_document(item, at, folder), ensure_ascii=False) + "\n")
    families: dict[str, list[str]] = {}
    for item in data.items:
        families.setdefault(item.family, []).append(stored_id(item.id))
    asked = [data.items[at] for at in data.queries]
    with (folder / QUERIES).open("w", encoding="utf-8") as file:
        for item in asked:
            file.write(json.dumps({"_id": f"q-{item.id}", "text": query_text(item, _LANGUAGE)}) + "\n")
    with (folder / "qrels" / "test.tsv").open("w", encoding="utf-8") as file:
        file.write("query-id\tcorpus-id\tscore\n")
        for item in asked:
            for other in families[item.family]:
                file.write(f"q-{item.id}\t{other}\t{2 if other == stored_id(item.id) else 1}\n")


def _document(item: CatalogueItem, at: int, folder: Path) -> dict[str, str]:
    """Under an id that says nothing: stage 1 orders ties by id."""
    row = {"_id": stored_id(item.id)}
    if at % 3 != 1:
        row["image"] = f"pictures/{row['_id']}.png"
        item.picture().save(folder / row["image"], compress_level=1)
    if at % 3 != 0:
        row["text"] = document_text(item, _LANGUAGE)
    return row


def main(arguments: list[str] | None = None) -> int:
    """0 when the folder is written, 1 with one line on stderr when it cannot be."""
    parser = argparse.ArgumentParser(prog="python -m evaluation.folder.from_demo", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--items", type=int, default=2000, help="documents (default: 2000)")
    parser.add_argument("--queries", type=int, default=1000, help="queries (default: 1000)")
    parser.add_argument("--seed", type=int, default=1, help="another seed draws other scenes (default: 1)")
    chosen = parser.parse_args(arguments)
    if not 1 <= chosen.queries <= chosen.items:
        parser.error(f"{chosen.queries} queries need as many items, and --items is {chosen.items}")
    try:
        write_demo(chosen.folder, chosen.items, chosen.queries, chosen.seed)
    except OSError as error:
        sys.stderr.write(f"error: {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
