"""Vector indexes by FAISS: exact ones, quantised ones that know their recall, and both as one that changes."""
