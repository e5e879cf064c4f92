"""The Django project: settings, URLs, the shell of every page; home, dashboard, search, outbox, operations, health."""
