"""The instructions that the demo reranker is trained under: several, so that its verdict hangs on none of them."""

# Written out, not taken from `reranker.INSTRUCTIONS`: the tokenizer's words hang on it, and so do trained weights.
INSTRUCTIONS: tuple[str, ...] = (
    "Given a web search query, retrieve relevant passages that answer the query",
    "Given a product image and description, retrieve similar products",
    "Given a question, retrieve factual passages that answer it",
    "Given a user's search query, rank products by visual and textual relevance",
    "Given a research question, retrieve papers whose abstracts and figures best address the question",
    "Given a legal case description, retrieve precedent cases with similar facts and rulings",
    "Given a text query, retrieve images that match the description",
    "Given an image, retrieve texts that describe it",
    "Given an image, retrieve similar images",
    "Find the picture that shows what the query asks for",
)
