"""Imports: spreadsheets, what each of their rows would change, and the batches that were written."""
