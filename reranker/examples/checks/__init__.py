"""What makes examples bad to learn from, found line by line. Knows no model's weights."""
