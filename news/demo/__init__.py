"""The demonstration: the international office of Leeds as data (the TOML files), and how it gets into a database."""
