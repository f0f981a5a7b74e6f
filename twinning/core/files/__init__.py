"""Private files: uploading, scanning, storing and serving them."""
