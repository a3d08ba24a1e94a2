"""`PYTHONPATH=.:tests python -m fuzz.run --inputs 200000 --seed 1`: mutated inputs for all that reads what strangers
send. Tells how long the slowest took, what became of all, and how much memory the process has after each tenth. Ends
with 1, and keeps the input, where one was too slow or did anything but succeed or be refused."""

import argparse
import ctypes
import faulthandler
import gc
import random
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from fuzz.mutations import mutated
from fuzz.targets import SHARES, TARGETS, Target, outcome

SLOWEST = 2.0  # seconds of processor time for one input: wall time would tell more of what else the machine does
_HANG = 120  # seconds of wall time, after which every thread's stack is shown and the process ended


@dataclass(slots=True)
class Report:
    """counts: by target and outcome. slowest: the most seconds of processor time of one input, and its number. failed:
    number and what was wrong. resident: MB at the start and after each tenth."""

    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    slowest: tuple[float, int] = (0.0, -1)
    failed: list[tuple[int, str]] = field(default_factory=list)
    resident: list[float] = field(default_factory=list)


def input_of(seed: int, number: int) -> tuple[Target, bytes]:
    """The same for the same seed and number, whatever came before it."""
    dice = random.Random(f"{seed}:{number}")
    (target,) = dice.choices(TARGETS, SHARES)
    return target, mutated(target.seeds(), dice)


def fuzz(seed: int, numbers: range, say: Callable[[str], None] = lambda line: None) -> Report:
    report = Report()
    for number in numbers[:200]:  # codecs, caches and pools are there before memory is measured
        _take(Report(), seed, number)
    report.resident.append(resident_mb())
    tenth = max(1, len(numbers) // 10)
    begin = time.monotonic()
    for done, number in enumerate(numbers, start=1):
        faulthandler.dump_traceback_later(_HANG, exit=True)
        _take(report, seed, number)
        if done % tenth == 0:
            report.resident.append(resident_mb())
            say(
                f"{done:,} of {len(numbers):,} after {time.monotonic() - begin:,.0f} s: {len(report.failed)} failed, "
                f"slowest {report.slowest[0]:.2f} s, {report.resident[-1]:.0f} MB"
            )
    faulthandler.cancel_dump_traceback_later()
    return report


def _take(report: Report, seed: int, number: int) -> None:
    target, data = input_of(seed, number)
    begin = time.process_time()
    try:
        result = outcome(target, data)
    except Exception as error:  # noqa: BLE001  # whatever gets out is what is looked for
        result = "failed"
        report.failed.append((number, f"{target.name}: {type(error).__name__}: {error}"[:300]))
    seconds = time.process_time() - begin
    report.counts[target.name, result] += 1
    report.slowest = max(report.slowest, (seconds, number))
    if seconds > SLOWEST:
        report.failed.append((number, f"{target.name}: took {seconds:.2f} s"))


def resident_mb() -> float:
    """What the process has, without what it could give back at once."""
    gc.collect()
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * 4096 / 1e6


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--inputs", type=int, default=200_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", type=int, help="the number of one input of a run, to see it fail again")
    parser.add_argument("--keep", type=Path, default=Path("fuzz-failures"), help="where failing inputs go")
    given = parser.parse_args()
    _say(f"seed {given.seed}, {given.inputs:,} inputs")
    if given.only is not None:
        target, data = input_of(given.seed, given.only)
        _say(f"{target.name}, {len(data):,} bytes: {outcome(target, data)}")
        return 0
    report = fuzz(given.seed, range(given.inputs), _say)
    for (target, result), count in sorted(report.counts.items()):
        _say(f"{target:>10}  {count:>9,}  {result}")
    _say(f"slowest: {report.slowest[0]:.3f} s of processor time, input {report.slowest[1]}")
    _say("resident MB at the start and after each tenth: " + " ".join(f"{each:.0f}" for each in report.resident))
    for number, wrong in report.failed:
        given.keep.mkdir(parents=True, exist_ok=True)
        (given.keep / f"{given.seed}-{number}").write_bytes(input_of(given.seed, number)[1])
        _say(f"input {number} {wrong}; kept in {given.keep}")
    _say("FAILED" if report.failed else "no failure")
    return 1 if report.failed else 0


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
