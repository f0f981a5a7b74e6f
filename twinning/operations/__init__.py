"""Running the site: backups, restoring them, and what comes after that."""
