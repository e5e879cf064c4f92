"""The end of a service: from its reference, or from the order that brought it."""
