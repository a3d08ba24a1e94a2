"""When two texts are the same but for how they are written. Knows nothing of pictures or files."""

import unicodedata


def normal(text: str) -> str:
    """The text in lower case and NFKC (one width), with punctuation and white space as single spaces.

    A text of punctuation only is itself. Two texts with one normal form are the same thing asked or told.
    """
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    kept = "".join(sign if unicodedata.category(sign)[0] not in "PZC" else " " for sign in folded)
    return " ".join(kept.split()) or text.strip()
