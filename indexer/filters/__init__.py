"""The filter language: conditions on the metadata of items. docs/filters.md describes it."""

from indexer.filters.matching import matching_items
from indexer.filters.parse import parse_filter
from indexer.filters.tree import Filter, fields_of

__all__ = ["Filter", "fields_of", "matching_items", "parse_filter"]
