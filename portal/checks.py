"""Checks at start-up: what is wrong or missing in the environment, in plain words, with what to do."""
