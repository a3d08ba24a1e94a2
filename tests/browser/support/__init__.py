"""What the browser tests and the screenshots share. Knows nothing of what is tested."""
