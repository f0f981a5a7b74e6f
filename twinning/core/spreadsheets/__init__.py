"""Spreadsheets: their rows read from CSV, Excel and OpenDocument files, and made into such files."""
