"""Fibre orders: their list and pages, documents, requests, exports and lead times."""
