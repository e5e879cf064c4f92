"""Copper orders of the extranet: drafts, submission, termination. Still an empty room."""
