"""What pages of all apps share.

Badges, timelines, words, freshness, addresses, idempotency keys, preserved forms, and the values that filters offer.
"""
