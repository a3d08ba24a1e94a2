"""What is learnt from."""

import math

import pytest
import torch

from reranker.training.loss import soft_label_loss


def reference(yes: float, no: float, score: float) -> float:
    p_yes = math.exp(yes) / (math.exp(yes) + math.exp(no))
    p_no = math.exp(no) / (math.exp(yes) + math.exp(no))
    return -score * math.log(p_yes) - (1 - score) * math.log(p_no)


@pytest.mark.parametrize("score", [0.0, 0.25, 0.5, 0.9, 1.0])
@pytest.mark.parametrize("logits", [(0.0, 0.0), (3.5, -1.25), (-4.0, 2.0), (12.0, 11.0)])
def test_the_loss_is_that_of_its_definition(logits, score):
    loss = soft_label_loss(torch.tensor([logits]), torch.tensor([score]))
    assert loss.item() == pytest.approx(reference(*logits, score), rel=1e-6, abs=1e-6)


def test_the_loss_is_least_where_the_served_score_is_the_examples():
    logits = torch.tensor([[math.log(0.7), math.log(0.3)]], requires_grad=True)
    soft_label_loss(logits, torch.tensor([0.7])).sum().backward()
    assert logits.grad.abs().max() < 1e-6


def test_logits_of_sixteen_bits_lose_nothing_more_and_large_ones_do_not_overflow():
    logits = torch.tensor([[80.0, -80.0]], dtype=torch.bfloat16)
    loss = soft_label_loss(logits, torch.tensor([0.0]))
    assert loss.dtype == torch.float32
    assert loss.item() == pytest.approx(160)
