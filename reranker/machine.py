"""What a program runs on. Names no host, user or folder."""

import platform
from pathlib import Path

import torch

_CPU_INFO = Path("/proc/cpuinfo")  # Linux; elsewhere Python knows the name itself


def processor_name() -> str:
    lines = _CPU_INFO.read_text("utf-8").splitlines() if _CPU_INFO.is_file() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()


def device_name(device: torch.device) -> str:
    """The GPU's name, or `cpu`, `mps`."""
    return torch.cuda.get_device_name(device) if device.type == "cuda" else device.type
