"""A database engine of Django's kind: its PostgreSQL, with limits of time."""
