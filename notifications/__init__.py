"""What people keep beside mirrored rows: views, columns, notes, watches, and what they are told of."""
