"""Open data: what the files under /data/ are made of, their formats, and the answers with them."""
