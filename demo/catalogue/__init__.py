"""The procedural catalogue: product scenes drawn and described by rule, in families of near-duplicates."""

from demo.catalogue.caption import FULL_WORDINGS, WORDINGS
from demo.catalogue.evaluation_set import EvaluationSet, evaluation_set
from demo.catalogue.item import CatalogueItem, generate
from demo.catalogue.scene import Group, Scene

__all__ = [
    "FULL_WORDINGS",
    "WORDINGS",
    "CatalogueItem",
    "EvaluationSet",
    "Group",
    "Scene",
    "evaluation_set",
    "generate",
]
