"""Which browser the tests use, and how it is started. Knows no page."""

import os
import shutil

NAMES = ("chromium", "chromium-browser", "google-chrome")


class NoChromium(Exception):
    """No browser is installed."""


def find_chromium() -> str:
    """The program's path. Raises NoChromium, which says what to install."""
    for name in NAMES:
        if path := shutil.which(name):
            return path
    raise NoChromium("no Chromium is installed (Debian: sudo apt-get install chromium), so the page was not looked at")


def chromium_arguments() -> list[str]:
    """No host but this machine has a name. As root, Chromium runs without its sandbox or not at all."""
    rules = ["--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1", "--force-color-profile=srgb"]
    return [*rules, "--no-sandbox"] if os.geteuid() == 0 else rules
