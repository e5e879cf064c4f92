"""What any local mirror of a vendor's system needs: leases, sync runs, upsert and the outbox."""
