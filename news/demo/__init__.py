"""The demonstration: the international office of Leeds as data (TOML and ``files``), and the code that loads it."""
