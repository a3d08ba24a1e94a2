"""How long visitors wait, for docs/benchmarks.md: `python -m tests.browser.speed`, with a server of its own."""

import argparse
import os
import sys
import tempfile
from pathlib import Path
from statistics import median

from tests.browser.support.pace import Wait, waits
from tests.browser.support.served import draw_catalogue, index_catalogue, serving
from tests.browser.support.visitor import Visitors, started_browser


def measure(items: int, rounds: int) -> list[Wait]:
    with tempfile.TemporaryDirectory(prefix="lychee-speed-") as made:
        work = Path(made)
        catalogue = draw_catalogue(work, items)
        index_catalogue(work, catalogue)
        with serving(work, catalogue) as server, started_browser(work) as browser:
            visitors = Visitors(browser, server.url)
            return [each for _ in range(rounds) for each in waits(visitors)]


def table(seen: list[Wait]) -> str:
    """Markdown: the median and the range of each wait."""
    rows = ["| from | until | median | range |", "| --- | --- | --- | --- |"]
    told = (
        ("going to the address, nothing cached", "the page can be used", [each.opening for each in seen]),
        ("pressing Enter, no picture cached", "the first pictures are painted", [each.pictures for each in seen]),
    )  # fmt: skip
    for begin, end, ms in told:
        rows.append(f"| {begin} | {end} | {median(ms):,.0f} ms | {min(ms):,.0f}-{max(ms):,.0f} ms |")
    return "\n".join(rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=2000, help="of the demo catalogue")
    parser.add_argument("--rounds", type=int, default=3, help="of seven visitors each")
    chosen = parser.parse_args()
    load = os.getloadavg()[0]
    seen = measure(chosen.items, chosen.rounds)
    sys.stdout.write(f"{len(seen)} visitors, {os.cpu_count()} cores, load average {load:.2f} before\n\n{table(seen)}\n")


if __name__ == "__main__":
    main()
