"""The environment of the site: reads its settings, judges each at once, and stops the process with a sentence for each fault."""

import logging
import os
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured, ValidationError

from twinning.judges import BY_TYPE

# Whether this process runs one command, and answers no requests.
IS_COMMAND = Path(sys.argv[0]).name == "manage.py"
# gunicorn does not start a worker again that ends with this.
EXIT_CODE = 3
# All that the demonstration takes from outside: never the database or the store of a site that lives beside it.
FOR_THE_DEMONSTRATION = ("SITE_URL", "VAR_DIR", "DEBUG", "LOG_LEVEL")
EXAMPLE = re.compile(r"\bexample\.(org|com|net)\b|://twinning:password@")
LINE = re.compile(r"\s*(#.*)?|(export )?([A-Za-z_][A-Za-z0-9_]*)=.*")


class Environment(environ.Env):
    """The settings that somebody wrote down, in ``.env`` or in the environment of the process.

    A setting that is wrong is replaced by its default and noted; ``stop_if_wrong`` says all that was noted.
    """

    def __init__(self, file: Path):
        super().__init__()
        self._faults, self._asked, self._written, self.is_demo = [], set(), set(), False
        self.is_demo = self.bool("DEMO", default=False)
        if self.is_demo:
            self.ENVIRON = {name: self.ENVIRON[name] for name in FOR_THE_DEMONSTRATION if name in self.ENVIRON}
        elif file.exists():
            self.read_file(file)

    def read_file(self, file: Path) -> None:
        """Read the settings that stand in a file; those of the process come first."""
        try:
            lines = file.read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            self._faults.append(f"{file.name} cannot be read ({type(error).__name__}).")
            return
        matches = [LINE.fullmatch(line) for line in lines]
        self._faults += [
            f"Line {number} of {file.name} is not of the kind NAME=value."
            for number, match in enumerate(matches, start=1)
            if not match
        ]
        self._written = {match[3] for match in matches if match and match[3]}
        if "DEMO" in self._written:
            self._faults.append(
                f"DEMO stands in {file.name}, which the demonstration does not read; take it out, and run: make demo."
            )
        if file.stat().st_mode & 0o077:
            _warn(f"{file} can be read by others on this machine, with the keys in it: chmod 600 {file.name}")
        # It would write lines that it cannot read into the log, with the secrets in them.
        logging.getLogger("environ.environ").disabled = True
        self.read_env(file)

    def get_value(self, var, cast=None, default=environ.Env.NOTSET, parse_default=False) -> Any:
        """A setting, or its default when it is not set, empty or wrong. Values stand for themselves: $ has no meaning."""
        self._asked.add(var)
        text = self.ENVIRON.get(var, "").strip()
        if not text and default is self.NOTSET:
            self._faults.append(f"{var} is not set.")
        if not text:
            return default
        try:
            if not self.is_demo and EXAMPLE.search(text):
                raise ValueError("is still the example; write your own there")
            return BY_TYPE.get(cast, cast or str)(text)
        except (ValueError, KeyError, ImproperlyConfigured, ValidationError) as error:
            said = error.args[0] if type(error) is ValueError else "cannot be understood"
            self._faults.append(f"{var} {said}.")
            return default

    def own(self, name: str, judge: Callable[[str], Any] = str, *, demo: Any, like: str) -> Any:
        """A setting that each council makes for itself: only the demonstration has a value for it."""
        if not self.is_demo and not self.ENVIRON.get(name, "").strip():
            self._asked.add(name)
            self._faults.append(f"{name} is not set; right is, for example: {name}={like}")
            return demo
        return self.get_value(name, judge, demo)

    def expect(self, name: str, *, is_right: bool, right: str) -> None:
        """Note a fault that shows only beside another setting."""
        if not is_right and not self.is_demo:
            self._faults.append(f"{name} {right}.")

    def make_folder(self, name: str, folder: Path) -> None:
        """Make a folder that is not there yet; without it, the database could not be made either."""
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            self._faults.append(f"{name}: the folder {folder} cannot be made ({error.strerror}).")
        else:
            if not os.access(folder, os.W_OK | os.X_OK):
                self._faults.append(f"{name}: the user of the site may not write into {folder}.")

    def stop_if_wrong(self) -> None:
        """Stop the process if a setting is wrong; warn of names in the file that are no settings."""
        for name in sorted(self._written - self._asked):
            _warn(f"{name} in .env is no setting of this site, and has no effect; .env.example lists them all.")
        if faults := list(dict.fromkeys(self._faults)):
            _warn("The site does not start, because of its settings:", *(f"  {fault}" for fault in faults))
            sys.exit(EXIT_CODE)


def _warn(*lines: str) -> None:
    sys.stderr.write("".join(f"{line}\n" for line in lines))
