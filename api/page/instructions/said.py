"""Headings of this tab, which stand still."""

from api.page.both import both


def heading(key: str) -> str:
    """The heading of a part of the tab, and what it is about."""
    return f'<h2>{both(key)}</h2><p class="muted">{both(f"{key}.about")}</p>'
