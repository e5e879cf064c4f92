"""Copper orders of the extranet: drafts, submission, answers, termination."""
