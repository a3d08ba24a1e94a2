"""What visitors add to the page: each one's own, and gone soon."""
