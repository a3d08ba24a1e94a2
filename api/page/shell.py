"""What every tab is built with: the service behind the page, its settings, and what runs for whom."""

from dataclasses import dataclass, field
from pathlib import Path

from api.loading import Loading
from api.page.complaints import Complaint
from api.page.last_deed import LastDeeds
from api.page.running import Runs
from search.service import Service
from search.settings import Settings


@dataclass(frozen=True, slots=True)
class Shell:
    """loading: holds the service, once it is there. deeds: for `code_html` to keep. folder: for files that go with the
    server (None: the system's for temporary ones)."""

    loading: Loading
    settings: Settings
    runs: Runs
    deeds: LastDeeds = field(default_factory=LastDeeds)
    folder: Path | None = None

    @property
    def service(self) -> Service:
        """Raises Complaint while the models load, NotReady with the reason where they could not be loaded."""
        if self.loading.is_loading:
            raise Complaint("error.loading")
        return self.loading.service
