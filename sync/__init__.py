"""Bringing the local mirror up to date: sync runs, leases, set-based upserts."""
