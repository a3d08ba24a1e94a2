"""Picture formats as byte containers: which one bytes are, and the same picture without what its pixels do not need."""

from content.containers.clean import Clean
from content.containers.format import CLEANERS, Format, identify

__all__ = ["CLEANERS", "Clean", "Format", "identify"]
