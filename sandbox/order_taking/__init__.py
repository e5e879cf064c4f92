"""Order taking: reference data, sessions and their lines, confirmation."""
