"""A progress bar with a count and the time that is left. Knows not what it counts."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn


@contextmanager
def progress_bar(total: int, label: str = "queries") -> Iterator[tuple[Callable[[str], None], Callable[[], None]]]:
    """A progress bar on stderr: what sets its label, and what moves it by one of `total` steps."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as progress:
        bar = progress.add_task(label, total=total)
        yield lambda name: progress.update(bar, description=name), lambda: progress.advance(bar)
