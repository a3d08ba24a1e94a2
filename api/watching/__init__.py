"""A running server, watched: what it counts, what it logs, and its traces. Knows nothing of what is searched for."""
