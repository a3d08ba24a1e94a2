"""`python -m demo.domain FOLDER`: writes the dealer's domain, to teach it and to measure what was learnt."""

import argparse
import sys
from pathlib import Path

from content.errors import LycheeError
from demo.domain.folder import OLD, TEST, TRAIN, write_folder


def main(arguments: list[str] | None = None) -> int:
    """0 when the folder holds the files, 1 with one line on stderr when it cannot."""
    parser = argparse.ArgumentParser(
        prog="python -m demo.domain", description="Write a domain that the demo judge does not know, as examples."
    )
    parser.add_argument("folder", type=Path, help=f"where {TRAIN}, {TEST} and {OLD} go")
    parser.add_argument("--seed", type=int, default=1, help="another seed draws other examples (default: 1)")
    chosen = parser.parse_args(arguments)
    try:
        write_folder(chosen.folder, chosen.seed)
    except (OSError, LycheeError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    print(f"Wrote {TRAIN}, {TEST} and {OLD} into {chosen.folder}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
