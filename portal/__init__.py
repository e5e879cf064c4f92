"""The Django project: settings, URLs, the shell of every page, home and health."""
