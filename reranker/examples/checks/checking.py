"""A file of examples, checked from its first line to its last: every line by itself, beside the others, and the whole.
Knows no output. Memory: digests of what was read, no texts; one thread."""

from collections.abc import Callable, Iterator
from pathlib import Path

from reranker.examples.checks.finding import Finding
from reranker.examples.checks.leakage import Leakage
from reranker.examples.checks.lengths import Count, Lengths
from reranker.examples.checks.lines import lines
from reranker.examples.checks.pairs import Pairs
from reranker.examples.checks.pictures import Pictures
from reranker.examples.checks.row import read_row
from reranker.examples.checks.sides import Sides
from reranker.examples.checks.whole import Whole


def check(
    path: Path,
    *,
    against: Path | None = None,
    count: Count | None = None,
    open_pictures: bool = True,
    on_bytes: Callable[[int], None] = lambda _: None,
) -> Iterator[Finding]:
    """What is wrong with a file, in the order of its lines, and at the end what the whole file shows.

    against: a test file that must have nothing in common with it. count: counts tokens; None estimates. open_pictures:
    if not, pictures are taken to be there. on_bytes: told how many more bytes were read.
    Raises NotFound, and InvalidInput for a file that cannot be read; whatever stands in it raises nothing.
    """
    sides = Sides(Pictures(path.parent, open_files=open_pictures))
    pairs, lengths, whole = Pairs(), Lengths(count), Whole()
    leakage = None if against is None else Leakage(against, open_files=open_pictures)
    if leakage is not None:
        yield from leakage.before()
    for number, text, size in lines(path):
        on_bytes(size)
        row = read_row(text, number, sides)
        yield from row.faults()
        yield from lengths.see(row)
        yield from pairs.see(row)
        whole.see(row)
        if leakage is not None:
            yield from leakage.see(row)
    yield from whole.findings()
