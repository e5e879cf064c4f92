"""Bringing the mirror up to date: sync runs, leases, set-based upserts."""
