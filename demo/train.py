"""`python -m demo.train encoder|reranker|all`: remakes the demo models, and goes on where it was interrupted."""

import argparse
import logging
import sys
from pathlib import Path

MODELS = Path(__file__).parent / "models"


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m demo.train", description=__doc__)
    parser.add_argument("model", choices=("encoder", "reranker", "all"))
    parser.add_argument(
        "--runs", type=Path, default=Path("runs"), help="pictures, checkpoints and curves (default: runs)"
    )
    parser.add_argument(
        "--models", type=Path, default=MODELS, help="where the finished models go (default: demo/models)"
    )
    parser.add_argument("--threads", type=int, default=1, help="threads of the training (default: 1)")
    parser.add_argument("--device", default="cpu", help="cpu, cuda, cuda:N or auto (default: cpu)")
    chosen = parser.parse_args(arguments)
    if chosen.threads < 1:
        parser.error(f"--threads must be at least 1, got {chosen.threads}")
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    from content.errors import InvalidInput
    from demo.training.making import make_encoder, make_reranker, use_threads  # torch takes seconds: not for --help
    from reranker.device import choose_device

    use_threads(chosen.threads)
    try:
        device = choose_device(chosen.device)
        if chosen.model in ("encoder", "all"):
            make_encoder(chosen.runs, chosen.models / "encoder", device=device)
        if chosen.model in ("reranker", "all"):
            make_reranker(chosen.runs, chosen.models / "reranker", device=device)
    except (InvalidInput, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
