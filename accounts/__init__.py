"""People, their teams and roles, signing in, and preferences."""
