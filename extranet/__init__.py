"""Copper orders of the extranet: drafts, submissions, answers and terminations, and the contacts they name."""
