"""`python -m demo.catalogue FOLDER`: writes the demo collection's pictures and its table of items."""

import argparse
import sys
from pathlib import Path

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from demo.catalogue.folder import write_folder


def main(arguments: list[str] | None = None) -> int:
    """0 when the folder holds the catalogue, 1 with one line on stderr when it cannot."""
    parser = argparse.ArgumentParser(
        prog="python -m demo.catalogue", description="Draw the demo catalogue into a folder."
    )
    parser.add_argument("folder", type=Path, help="where pictures/ and items.jsonl go")
    parser.add_argument("--items", type=int, default=2000, help="pictures and texts together (default: 2000)")
    parser.add_argument("--seed", type=int, default=1, help="another seed draws other scenes (default: 1)")
    parser.add_argument("--force", action="store_true", help="overwrite what is in the folder")
    chosen = parser.parse_args(arguments)
    if chosen.items < 1:
        parser.error(f"--items must be at least 1, got {chosen.items}")
    columns = (TextColumn("Drawing the catalogue"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    try:
        with Progress(*columns, transient=True) as progress:
            task = progress.add_task("", total=chosen.items)
            written = write_folder(
                chosen.folder, chosen.items, chosen.seed, force=chosen.force, progress=lambda: progress.advance(task)
            )
    except OSError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    print(f"{'Drew' if written else 'Found'} {chosen.items} items in {chosen.folder}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
