"""Orders once confirmed: list, history, documents, requests and exports."""
