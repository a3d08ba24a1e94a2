"""Lychee Search from other programs: an HTTP client, and what frameworks need on top of it. Knows no model."""
