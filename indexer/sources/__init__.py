"""Where items come from: folders, files, tables, archives and uploads."""

from indexer.sources.archive import ZipSource
from indexer.sources.bundle import BundleSource
from indexer.sources.folder import FolderSource
from indexer.sources.opening import open_source, opened_source
from indexer.sources.single import FileSource
from indexer.sources.table import TableSource
from indexer.sources.upload import SentFile, UploadSource

__all__ = [
    "BundleSource",
    "FileSource",
    "FolderSource",
    "SentFile",
    "TableSource",
    "UploadSource",
    "ZipSource",
    "open_source",
    "opened_source",
]
