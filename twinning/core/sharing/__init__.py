"""Metadata for other sites and search engines: the picture of a shared page, and linked data."""
