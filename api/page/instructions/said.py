"""Words that stand still on this tab, as HTML in both languages."""

from html import escape

from api.page.words import all_words


def both(key: str, **values: object) -> str:
    """In both languages, with `values` filled in: the style shows the browser's."""
    english, chinese = (words.format_map(values) for words in all_words()[key])
    return f'<span lang="en">{escape(english)}</span><span lang="zh">{escape(chinese)}</span>'


def heading(key: str) -> str:
    """The heading of a part of the tab, and what it is about."""
    return f'<h2>{both(key)}</h2><p class="muted">{both(f"{key}.about")}</p>'
