"""Where items come from: folders, files and tables."""

from indexer.sources.folder import FolderSource
from indexer.sources.opening import open_source
from indexer.sources.single import FileSource
from indexer.sources.table import TableSource

__all__ = ["FileSource", "FolderSource", "TableSource", "open_source"]
