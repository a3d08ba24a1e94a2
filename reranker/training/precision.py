"""In which numbers a judge is trained. Knows no data and no checkpoint."""

from dataclasses import dataclass

import torch

from reranker.device import choose_attention, choose_dtype
from reranker.training.options import Options


@dataclass(frozen=True, slots=True)
class Precision:
    """dtype: of the weights that are loaded. autocast: whether passes compute in bfloat16 all the same. remarks: what
    was asked for and is not there."""

    dtype: torch.dtype
    autocast: bool
    remarks: tuple[str, ...] = ()


def settle(options: Options, bf16: bool | None, device: torch.device) -> Precision:
    """bfloat16 where it is asked for, or nothing is said and a GPU computes in it.

    An adapter's own weights are always of 32 bits. So are all weights of full fine-tuning, whose small steps bfloat16
    would round away: there only the passes are in bfloat16.
    """
    remarks = []
    able = choose_dtype("auto", device) == torch.bfloat16
    if bf16 and not able:
        remarks.append(f"--bf16: {device.type} does not compute in bfloat16 here, so it trains in float32")
    half = able and (bf16 or (bf16 is None and device.type == "cuda"))
    dtype = torch.bfloat16 if half and not options.full_finetuning else torch.float32
    if options.use_flash_attention_2 and choose_attention(device, dtype) != "flash_attention_2":
        remarks.append(
            "--use_flash_attention_2: it takes a GPU, bfloat16 and the package flash-attn; PyTorch's attention is used"
        )
    return Precision(dtype, bool(half and options.full_finetuning), tuple(remarks))
