"""The desk's pages. Apps show its pieces on theirs by `templates/components/`."""
