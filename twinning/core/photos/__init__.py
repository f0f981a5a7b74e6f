"""The photo library: photos, their renditions (sizes, formats, the cut for sharing), and their uses on pages."""
