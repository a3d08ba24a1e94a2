"""Quality and speed, always side by side: stage 1 beside stage 2."""
