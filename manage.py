#!/usr/bin/env python
"""The command line of the site: migrate, sync_roles, load_demo and the rest.

In a folder with the demonstration and no site of its own, it works on the demonstration.
"""

import os
import sys
from pathlib import Path

from django.core.management import execute_from_command_line

HERE = Path(__file__).resolve().parent


def is_only_a_demonstration() -> bool:
    has_a_site = (HERE / ".env").exists() or "SECRET_KEY" in os.environ or "DEMO" in os.environ
    return not has_a_site and (HERE / "var/demo/secret-key").exists()


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "twinning.settings")
    if is_only_a_demonstration():
        sys.stderr.write("There is no .env here: this works on the demonstration in var/demo.\n")
        os.environ["DEMO"] = "on"
    execute_from_command_line(sys.argv)
