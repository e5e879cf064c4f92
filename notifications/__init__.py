"""Watches, changes, notices, mail, calendars and notes: what people keep beside mirrored rows."""
