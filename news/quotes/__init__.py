"""Quotes: where they stand in a text, how they are written in each language, and what the offices of the speakers say to them."""
