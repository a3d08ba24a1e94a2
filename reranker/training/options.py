"""The settings of fine-tuning: ours, and those of transformers' Trainer with our defaults. Knows no model."""

from dataclasses import dataclass, field
from typing import Literal

from transformers import TrainingArguments

from reranker.prompt import MAX_TOKENS

_SWITCH = {"nargs": "?", "const": True}


@dataclass(frozen=True, slots=True)
class Options:
    """What is trained, on what. `reranker.training.checks` says which values are allowed."""

    model_name_or_path: str = field(
        metadata={
            "aliases": ["--model"],
            "help": "The checkpoint to begin with: a folder, a name of the hub (vec-ai/lychee-rerank-mm), or demo.",
        }
    )
    train_data_path: str = field(
        metadata={
            "help": "The examples, JSONL: instruction, query, document, score (`lychee data check` looks it over)."
        }
    )
    eval_data_path: str | None = field(
        default=None, metadata={"help": "Examples that are not trained on, to measure with, in the same form."}
    )
    eval_share: float = field(
        default=0.1,
        metadata={"help": "Without --eval_data_path: the share of queries held out to measure with; 0 for none."},
    )
    max_length: int = field(
        default=MAX_TOKENS,
        metadata={"help": "Tokens of the longest prompt, pictures included; longer documents are cut."},
    )
    lora_rank: int = field(
        default=16, metadata={"help": "Rank of the LoRA adapter: more can learn more, and forgets more."}
    )
    lora_alpha: int | None = field(
        default=None, metadata={"help": "The adapter counts alpha / rank times (without it: twice the rank)."}
    )
    lora_dropout: float = field(
        default=0.05, metadata={"help": "The share of the adapter's inputs left out by chance."}
    )
    full_finetuning: bool = field(
        default=False, metadata={"help": "Train all weights of the language model instead of an adapter."}
    )
    train_vision_tower: bool = field(
        default=False, metadata={"help": "Train the vision tower as well; it is left as it is without this."}
    )
    use_flash_attention_2: bool | None = field(
        default=None, metadata={"help": "Use the package flash-attn (without it: where it is installed).", **_SWITCH}
    )
    packing: bool = field(
        default=True,
        metadata={
            "help": "Read instruction and query once for the documents of a batch that share them, where it pays."
        },
    )
    early_stopping_patience: int | None = field(
        default=None, metadata={"help": "Stop when nDCG@10 has not risen for so many evaluations."}
    )
    resume: bool = field(
        default=True, metadata={"help": "Go on from the last checkpoint in --output_dir; False begins again."}
    )

    @property
    def alpha(self) -> int:
        return 2 * self.lora_rank if self.lora_alpha is None else self.lora_alpha

    @property
    def method(self) -> Literal["lora", "full"]:
        return "full" if self.full_finetuning else "lora"


@dataclass
class Arguments(TrainingArguments):
    """transformers' own, with other defaults where theirs are for other tasks."""

    per_device_train_batch_size: int = field(default=2, metadata={"help": "Examples per pass of the model."})
    gradient_accumulation_steps: int = field(default=4, metadata={"help": "Passes per step of the optimizer."})
    num_train_epochs: float = field(default=3.0, metadata={"help": "How many times each example is trained on."})
    learning_rate: float | None = field(  # type: ignore[assignment]  # None until __post_init__ or `settle` has set it
        default=None, metadata={"help": "How far a step goes (without it: 1e-4 for LoRA, 2e-5 for full fine-tuning)."}
    )
    warmup_steps: float = field(
        default=0.05, metadata={"help": "Steps in which the learning rate rises; below 1, their share of all steps."}
    )
    bf16: bool | None = field(  # type: ignore[assignment]  # None is settled by the device
        default=None, metadata={"help": "Compute in bfloat16 (without it: on a GPU that can).", **_SWITCH}
    )
    logging_steps: float = field(default=1, metadata={"help": "Steps between two points of the curve of the loss."})
    eval_strategy: str = field(
        default="epoch", metadata={"help": "When the held-out part is measured: no, steps (--eval_steps) or epoch."}
    )
    save_strategy: str = field(
        default="epoch", metadata={"help": "When a checkpoint is written: no, steps (--save_steps), epoch or best."}
    )
    save_total_limit: int | None = field(default=2, metadata={"help": "Checkpoints kept; the best always is."})
    load_best_model_at_end: bool = field(
        default=True, metadata={"help": "End with the weights that ranked the held-out part best."}
    )
    metric_for_best_model: str | None = field(default="nDCG@10", metadata={"help": "nDCG@10, MRR, recall@1 or loss."})
    report_to: None | str | list[str] = field(  # noqa: RUF036  # the order in which HfArgumentParser takes it
        default="tensorboard", metadata={"help": "Where curves go: tensorboard (output_dir/runs), none, wandb, ..."}
    )
    restore_callback_states_from_checkpoint: bool = field(
        default=True, metadata={"help": "Whether a resumed run goes on counting for early stopping where it was."}
    )
    log_level: str = field(default="error", metadata={"help": "What of transformers' own messages is shown."})

    def __post_init__(self) -> None:
        # The older name, which users have in their scripts, warns in transformers 5.
        if self.activation_checkpointing is None:
            self.activation_checkpointing = self.gradient_checkpointing
        self.gradient_checkpointing = None
        self._match_strategies()
        # transformers refuses bf16 where there is none; here training goes on without (`reranker.training.precision`).
        wanted, self.bf16 = self.bf16, False
        super().__post_init__()  # type: ignore[no-untyped-call]
        self.bf16 = wanted

    def _match_strategies(self) -> None:
        """The best weights can be kept only where they are measured whenever they are saved."""
        strategies = (str(self.eval_strategy), str(self.save_strategy))
        if "no" in strategies:
            self.load_best_model_at_end = False
        elif self.load_best_model_at_end and strategies == ("steps", "epoch"):
            self.save_strategy, self.save_steps = "steps", self.eval_steps or self.logging_steps
        elif self.load_best_model_at_end and strategies == ("epoch", "steps"):
            self.eval_strategy, self.eval_steps = "steps", self.save_steps
