"""Orders once confirmed: list, history, documents and requests. Still an empty room."""
