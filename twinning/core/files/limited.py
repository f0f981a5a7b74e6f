"""Program that runs a reader of uploads with little of all that a process can use: ``limited.py megabytes reader.py argument …``

A broken or hostile file can make a decoder work for hours or fill the memory, and a bug in one can hand the process over to
whoever made the file. A reader is a Python file with a function ``answer(content, *arguments)``. It gets the upload from
standard input and writes to standard output.
"""

import errno
import os
import resource
import sys
from importlib.util import module_from_spec, spec_from_file_location

# What stands before every answer: from then on, what goes wrong is the fault of the upload.
READY = b"ready\n"
LARGEST_ANSWER = 64 * 1024 * 1024
# The reader limits its own time of computing by what the upload claims to be; this is for one that is taken over.
SECONDS = 30
MOST_OPEN_FILES = 24


def limit_process(megabytes: int) -> None:
    """Limit what this process can use, from here on and for good. The system lets root start processes all the same."""
    for kind, amount in (
        (resource.RLIMIT_AS, megabytes * 1024 * 1024),
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_NOFILE, MOST_OPEN_FILES),
        (resource.RLIMIT_FSIZE, LARGEST_ANSWER),
        (resource.RLIMIT_CORE, 0),
    ):
        _soft, hard = resource.getrlimit(kind)
        amount = amount if hard == resource.RLIM_INFINITY else min(amount, hard)
        resource.setrlimit(kind, (amount, amount))


def load(path: str):
    """The module of a reader."""
    spec = spec_from_file_location("reader", path)
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def write(answer: bytes) -> None:
    """Write to standard output; ends with EX_TEMPFAIL when the disk is full."""
    try:
        sys.stdout.buffer.write(answer)
        sys.stdout.buffer.flush()
    except OSError as error:
        os._exit(os.EX_TEMPFAIL if error.errno in (errno.ENOSPC, errno.EDQUOT) else 1)


if __name__ == "__main__":
    megabytes, path, *arguments = sys.argv[1:]
    limit_process(int(megabytes))
    reader = load(path)
    write(READY)
    write(reader.answer(sys.stdin.buffer.read(), *arguments))
