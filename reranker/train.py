"""`python -m reranker.train`: fine-tuning from the command line. Knows neither how it is done nor any other command."""

import sys
from collections.abc import Sequence
from pathlib import Path

from content.errors import LycheeError

BAD_INPUT = 2
INTERRUPTED = 130


def run(arguments: Sequence[str], program: str = "python -m reranker.train") -> None:
    """Trains as the flags say. Raises LycheeError for whatever of the user's is wrong, SystemExit after --help."""
    from reranker.quantized import muted

    with muted():  # peft imports it
        from reranker.training.bar import say
        from reranker.training.parsing import parse
        from reranker.training.session import train

    options, settings = parse(arguments, program)
    train(options, settings, say)
    folder = Path(settings.output_dir or "")
    say(
        f"the result is in {folder}: serve it with `lychee serve --reranker {folder}`, compare it with "
        f"`lychee ab {options.model_name_or_path} {folder} --data test.jsonl`"
    )


def main() -> int:
    """Runs with the arguments of the process and gives its exit code."""
    try:
        run(sys.argv[1:])
    except LycheeError as error:
        sys.stderr.write(f"error: {' '.join(error.message.split())}\n")
        return BAD_INPUT
    except KeyboardInterrupt:
        sys.stderr.write("interrupted; the same command goes on from the last checkpoint\n")
        return INTERRUPTED
    return 0


if __name__ == "__main__":
    sys.exit(main())
