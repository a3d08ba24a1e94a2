"""Both stages measured on anybody's queries, documents and judgements. Knows nothing of the demo."""
