"""When two texts are the same but for how they are written. Knows nothing of pictures or files."""

import unicodedata

from reranker.examples.checks.normal import loose


def normal(text: str) -> str:
    """The text whatever its case, its width, its white space and its punctuation; symbols stay, so that C++ is not C.

    A text of punctuation only is itself.
    """
    one = loose(text)
    words = "".join(" " if unicodedata.category(sign).startswith("P") else sign for sign in one)
    return " ".join(words.split()) or one
