"""What pages of all apps share: badges, timelines, words, freshness, addresses, idempotency, preserved forms."""
