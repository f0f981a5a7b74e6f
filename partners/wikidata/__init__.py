"""Wikidata: what it knows of twinned cities, what it differs in from the site, and commands with which people correct it."""
