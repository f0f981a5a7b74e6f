"""Editing: forms that others have open, merging of two edits, and the text of forms that could not be saved."""
