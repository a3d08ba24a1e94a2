"""A dealer's domain that the demo judge does not know: catalogue scenes asked for by the dealer's names of colours."""

from demo.domain.album import Album
from demo.domain.asking import asked, taught
from demo.domain.folder import write_folder
from demo.domain.remembering import remembered

__all__ = ["Album", "asked", "remembered", "taught", "write_folder"]
