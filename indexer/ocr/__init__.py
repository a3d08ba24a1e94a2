"""The text that stands in a picture. Knows nothing of items or collections.

`TextReader` is what the build asks; `RapidReader` reads Chinese and English with models that come in a wheel.
"""

from indexer.ocr.rapid import RapidReader
from indexer.ocr.reader import TextReader

__all__ = ["RapidReader", "TextReader"]
