"""Whether a collection is in order: the truth in itself, and what is derived from it against it."""
