"""What a run shows where no terminal is: a log of hours would say nothing without the loss of training."""

import pytest
from transformers import TrainerControl, TrainerState, TrainingArguments

from reranker.training.bar import Bar


@pytest.mark.parametrize(("steps", "lines"), [(3, 3), (28, 14), (100, 20)])
def test_without_a_terminal_the_loss_is_told_up_to_twenty_times_a_run(tmp_path, steps, lines):
    said = []
    bar, state, arguments = Bar(said.append), TrainerState(max_steps=steps), TrainingArguments(str(tmp_path))
    bar.on_train_begin(arguments, state, TrainerControl())
    for step in range(1, steps + 1):
        state.global_step = step
        bar.on_log(arguments, state, TrainerControl(), {"loss": float(step % 2)})
    bar.close()

    assert len(said) == lines
    assert said[-1].startswith(f"step {steps} of {steps}: training loss ")
    if steps == 100:
        assert said[0] == "step 5 of 100: training loss 0.6000"
