"""The command line of fine-tuning: our flags and all of transformers' Trainer. Knows no data and no model."""

from argparse import SUPPRESS, Action, ArgumentDefaultsHelpFormatter
from collections.abc import Sequence
from dataclasses import fields
from typing import Any, Final, NoReturn

from transformers import HfArgumentParser

from content.errors import InvalidInput
from reranker.training.options import Arguments, Options

COMMON: Final = (
    "output_dir",
    "num_train_epochs",
    "per_device_train_batch_size",
    "gradient_accumulation_steps",
    "learning_rate",
    "bf16",
    "gradient_checkpointing",
    "seed",
    "eval_strategy",
    "eval_steps",
    "save_strategy",
    "save_steps",
    "save_total_limit",
    "report_to",
)
_HELP: Final = {
    "output_dir": "The folder for the result, its checkpoints and its curves.",
    "gradient_checkpointing": "Compute what a pass held a second time instead of keeping it: less memory, more time.",
    "seed": "The same seed gives the same run.",
    "eval_steps": "Steps between two measurements of the held-out part.",
    "save_steps": "Steps between two checkpoints.",
}
_METAVARS: Final = {
    "model_name_or_path": "MODEL",
    "train_data_path": "FILE",
    "eval_data_path": "FILE",
    "output_dir": "DIR",
}
_EXAMPLE: Final = (
    "Example: python -m reranker.train --model_name_or_path vec-ai/lychee-rerank-mm --train_data_path train.jsonl "
    "--output_dir tuned --num_train_epochs 3 --bf16 True"
)


class _Formatter(ArgumentDefaultsHelpFormatter):
    """Shows defaults that say something."""

    def _get_help_string(self, action: Action) -> str | None:
        return action.help if action.default in (None, False, SUPPRESS) else super()._get_help_string(action)


class Parser(HfArgumentParser):
    """Raises InvalidInput instead of leaving."""

    def error(self, message: str) -> NoReturn:
        raise InvalidInput(f"{message}; --help shows the flags")


def parse(arguments: Sequence[str], program: str = "python -m reranker.train") -> tuple[Options, Arguments]:
    """Raises InvalidInput, in one sentence, for flags that are missing, unknown or malformed; SystemExit on --help."""
    parser = make_parser(program)
    try:
        options, chosen, *unknown = parser.parse_args_into_dataclasses(
            list(arguments), look_for_args_file=False, return_remaining_strings=True
        )
    except (ValueError, TypeError, ImportError) as error:  # transformers' own checks
        raise InvalidInput(" ".join(str(error).split())) from error
    if unknown and unknown[0]:
        flags = [word for word in unknown[0] if word.startswith("--")] or unknown[0]
        raise InvalidInput(f"there is no flag {', '.join(flags)}; --help shows all")
    assert isinstance(options, Options)
    assert isinstance(chosen, Arguments)
    return options, chosen


def make_parser(program: str) -> Parser:
    parser = Parser(
        prog=program,
        usage="%(prog)s --model_name_or_path MODEL --train_data_path FILE --output_dir DIR [FLAGS]",
        description="Fine-tune a Lychee reranker on graded examples: a LoRA adapter, or all of its weights.",
        epilog=_EXAMPLE,
        formatter_class=_Formatter,
        allow_abbrev=False,
    )
    kinds: list[Any] = [Options, Arguments]  # transformers' NewType for them takes none
    parser.dataclass_types = kinds
    own = parser.add_argument_group("what is trained")
    common = parser.add_argument_group("how it is trained")
    others = parser.add_argument_group("every other flag of transformers' Trainer")
    for kind in kinds:
        parser._add_dataclass_arguments(kind)  # into the parser, and from there into the groups
        names = {one.name for one in fields(kind)}
        for action in [one for one in parser._optionals._group_actions if one.dest in names]:
            parser._optionals._group_actions.remove(action)
            group = own if kind is Options else common if action.dest in COMMON else others
            action.help = _HELP.get(action.dest, action.help)
            action.option_strings = [
                name for name in action.option_strings if "-" not in name[2:]
            ]  # `--max-length` too
            if action.nargs == 0:
                action.help = SUPPRESS  # `--no_packing`, which `--packing False` says as well
            else:
                action.metavar = _METAVARS.get(action.dest, "VALUE")
            group._group_actions.append(action)
    common._group_actions.sort(key=lambda action: COMMON.index(action.dest))
    output = next(action for action in common._group_actions if action.dest == "output_dir")
    output.required = True
    return parser
