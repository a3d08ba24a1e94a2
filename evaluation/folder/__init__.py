"""Folders in BEIR form, with pictures: corpus, queries and judgements of anybody's own. Knows no models."""
