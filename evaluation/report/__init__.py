"""An evaluation as one HTML file that needs nothing else. Measures nothing and loads no models."""

from evaluation.report.document import write

__all__ = ["write"]
