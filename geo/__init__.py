"""Places of France: the official list of communes."""
