"""People mark two orders without knowing whose they are: the sheet, its key, and what the marks come to."""
