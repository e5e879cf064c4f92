"""What all mails of the portal have."""

# RFC 3834, 5: so that no out-of-office reply comes back.
WRITTEN_BY_A_PROGRAM = {"Auto-Submitted": "auto-generated"}
