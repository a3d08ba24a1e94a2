"""TREC files: runs and judgements, read and written, and systems compared by them. Knows no models and no contents."""
