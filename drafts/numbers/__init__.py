"""Numbers and codes as people paste them, and telephone numbers in their one form."""
