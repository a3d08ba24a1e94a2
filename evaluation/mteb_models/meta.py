"""What mteb wants to know of a model beside its scores. Knows no model."""

from pathlib import Path
from typing import Literal

from mteb.models.model_meta import ModelMeta, ScoringFunction


def meta(
    name: str, revision: str, kind: Literal["dense", "cross-encoder"], *, dimension: int | None, max_tokens: int
) -> ModelMeta:
    """name: as settings have it; one that is none of the hub's (`owner/name`) is given an owner. revision: the model's
    fingerprint, so that results of other weights are never taken for its own."""
    return ModelMeta(
        loader=None,
        name=name if name.count("/") == 1 and not Path(name).is_dir() else f"lychee-search/{Path(name).name}",
        revision=revision,
        release_date=None,
        languages=None,
        n_parameters=None,
        memory_usage_mb=None,
        max_tokens=max_tokens,
        embed_dim=dimension,
        license=None,
        open_weights=True,
        public_training_code=None,
        public_training_data=None,
        framework=["PyTorch"],
        similarity_fn_name=ScoringFunction.COSINE if kind == "dense" else None,
        use_instructions=kind == "cross-encoder",
        training_datasets=None,
        modalities=["text", "image"],
        model_type=[kind],
    )
