"""Both stages in the form in which `mteb` evaluates models: an encoder and a cross-encoder. Needs the extra `mteb`."""

from evaluation.mteb_models.cross_encoder import MtebCrossEncoder
from evaluation.mteb_models.encoder import MtebEncoder

__all__ = ["MtebCrossEncoder", "MtebEncoder"]
