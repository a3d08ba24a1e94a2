"""How the command line ends: with an exit code, and one line on stderr where something went wrong. Knows no command."""

import errno
import sys
import tempfile
import traceback
from collections.abc import Callable
from pathlib import Path

from content.errors import LycheeError
from search.cli.output import one_line, stderr

NOTHING_DONE = 1
BAD_INPUT = 2
BUG = 70  # EX_SOFTWARE of sysexits.h
INTERRUPTED = 130  # 128 + SIGINT, as shells have it, and what Typer leaves with

# What a path or a disk can be like, however right the program is.
_OF_DISK = {
    *(errno.ENAMETOOLONG, errno.ELOOP, errno.EACCES, errno.EPERM, errno.EROFS, errno.EISDIR, errno.ENOTDIR),
    *(errno.ENOSPC, errno.EDQUOT, errno.EIO),
}
_LONGEST = 4000  # characters; what is wrong in a file of users may be a line of megabytes


def exit_code_of(run: Callable[[], object]) -> int:
    """Runs a Typer app, which leaves by SystemExit, and turns whatever it raises into one line and an exit code."""
    try:
        run()
    except SystemExit as end:
        if end.code == INTERRUPTED:
            complain("interrupted; what was done so far is kept")
        return end.code if isinstance(end.code, int) else 0
    except KeyboardInterrupt:
        complain("interrupted")
        return INTERRUPTED
    except LycheeError as error:
        complain(error.message)
        return BAD_INPUT
    except Exception as error:  # noqa: BLE001  # users never see a stack trace; it goes into a file that they can send
        if isinstance(error, OSError) and error.errno in _OF_DISK:
            complain(f"{one_line(str(error.filename or 'a file'), 300)} cannot be used: {error.strerror}")
            return BAD_INPUT
        summary = one_line(f"{type(error).__name__}: {error}", 200)
        complain(f"unexpected failure ({summary}); this is a bug, and its details are in {_write_log(error)}")
        return BUG
    return 0


def complain(message: str) -> None:
    """One red line on stderr, wrapped by the terminal only."""
    stderr().print(f"error: {one_line(message, _LONGEST)}", style="red", markup=False, soft_wrap=True)


def _write_log(error: Exception) -> Path:
    with tempfile.NamedTemporaryFile(
        "w", encoding="utf-8", prefix="lychee-", suffix=".log", delete=False, errors="backslashreplace"
    ) as file:
        file.write(f"{' '.join(sys.argv)}\n")
        traceback.print_exception(error, file=file)
    return Path(file.name)
