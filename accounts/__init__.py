"""Who works here: people, their teams and roles, and what they prefer."""
