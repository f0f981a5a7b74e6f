"""Model and form fields: partial dates, moments, names, links, numbers, rich text and what is pasted; rows of a relation."""
