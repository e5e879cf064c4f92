"""Ending a service: by its reference, or from the order that delivered it."""
