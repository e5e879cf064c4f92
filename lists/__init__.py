"""List pages: columns, filters, paging by key, search, saved views, files."""
