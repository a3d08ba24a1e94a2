"""Draws what both stages answer to one query, one row each, for README and docs. Computes no figure of its own.

python -m evaluation.pages.two_stages "two red striped mugs next to a blue bag" docs/images/two-stages.png
"""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from content import Content
from content.errors import LycheeError, NotFound
from evaluation.pages.picture_sheet import Strip, Tile, draw
from search import SearchEngine
from search.answer import Hit

COLUMNS = 5


def main(
    query: Annotated[str, typer.Argument(help="What is searched for.")],
    output: Annotated[Path, typer.Argument(help="The PNG to write.")],
    collection: Annotated[Path, typer.Option(help="The collection to search.")] = Path("collections/demo"),
) -> None:
    """Draw the first five pictures of stage 1 above the first five of stage 2, whose first is framed in both rows."""
    try:
        write(query, output, collection)
    except LycheeError as error:
        typer.echo(f"error: {error.message}", err=True)
        sys.exit(2)


def write(query: str, output: Path, collection: Path) -> None:
    """Raises LycheeError where the collection cannot be searched."""
    with SearchEngine.open(collection) as engine:
        hits = engine.search(query, target="image", top_k=100).hits
        if not hits:
            raise NotFound(f"no picture in {collection.name}; name a collection that has some", param="--collection")
        by_stage1 = sorted(hits, key=lambda hit: hit.retrieval.rank)
        strips = [
            strip("Stage 1 recalls", by_stage1[:COLUMNS], hits[0].id, engine),
            strip("Stage 2 reads and decides", hits[:COLUMNS], hits[0].id, engine),
        ]
    output.parent.mkdir(parents=True, exist_ok=True)
    draw(strips, title=f"“{query}”").save(output, optimize=True)


def strip(heading: str, hits: Sequence[Hit], best: str, engine: SearchEngine) -> Strip:
    """The pictures of the hits, the one with the id `best` framed."""
    documents = engine.collection.documents([hit.id for hit in hits])
    return Strip(
        heading,
        tuple(
            Tile(
                document.image if isinstance(document, Content) else None,
                f"stage 1: {hit.retrieval.rank}.   P(yes) = {hit.score:.2f}",
                framed=hit.id == best,
            )
            for hit, document in zip(hits, documents, strict=True)
        ),
    )


if __name__ == "__main__":
    typer.run(main)
