"""Lists of the back office: saved views above them, and filters that search."""
