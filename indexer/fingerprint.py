"""A hash that tells encoders apart: equal hashes mean equal vectors. Knows nothing of what the model computes."""

import json
from collections.abc import Callable, Sequence
from hashlib import blake2b
from typing import Any, Final

import torch

# Tokenizers that differ in vocabulary, cleaning or length write this differently.
_PROBE: Final = "Two RED mugs & a blue bag, 25.4 cm — naïve café; 两个红色杯子和蓝色书包; чашка"


def fingerprint_of(
    model: torch.nn.Module, configs: Sequence[Any], tokenizer: Callable[[list[str]], torch.Tensor]
) -> str:
    """32 hexadecimal digits of BLAKE2b over configurations (JSON), the tokens of a probe text and all weights.

    To be taken before the model is cast to another dtype.
    """
    digest = blake2b(digest_size=16)
    digest.update(json.dumps(configs, sort_keys=True).encode())
    digest.update(tokenizer([_PROBE]).cpu().numpy().tobytes())
    for name, tensor in sorted(model.state_dict().items()):
        digest.update(f"{name} {tensor.dtype} {tuple(tensor.shape)}".encode())
        digest.update(tensor.detach().cpu().contiguous().flatten().view(torch.uint8).numpy().data)
    return digest.hexdigest()
