"""Words that stand still, as HTML in both languages: the style shows the browser's. Knows not where they stand."""

from html import escape

from api.page.words import all_words


def both(key: str, **values: object) -> str:
    """With `values` filled in."""
    english, chinese = (words.format_map(values) for words in all_words()[key])
    return f'<span lang="en">{escape(english)}</span><span lang="zh">{escape(chinese)}</span>'
