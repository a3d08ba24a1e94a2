"""`lychee data`: files of examples are checked, split and made. Loads no model at import."""
