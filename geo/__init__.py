"""What fields are made of: declarations, formats of values, the official list of communes."""
