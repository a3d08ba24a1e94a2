"""Two judges beside each other on the same candidates: figures, significance, and what it comes to in words."""
