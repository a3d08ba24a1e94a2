"""What is learnt from: how far P(yes) is from an example's score. Knows no model."""

import torch
from torch import Tensor


def soft_label_loss(logits: Tensor, scores: Tensor) -> Tensor:
    """-s log P(yes) - (1 - s) log P(no), for each example: (n,) float32, at least 0.

    P is the softmax over (yes, no) in float32, which is what is served as the score; so the loss is least where the
    served score is s. logits: (n, 2) of (yes, no). scores: (n,) in [0, 1].
    """
    log_p = torch.log_softmax(logits.float(), dim=-1)
    return -(scores * log_p[:, 0] + (1 - scores) * log_p[:, 1])
