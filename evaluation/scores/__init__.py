"""Judgements kept on disk, so that no pair is judged twice. Knows nothing of what is measured with them."""
