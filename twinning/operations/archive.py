"""The file that is a backup: a tar with the database, the uploads and, at its end, a manifest with the checksum of each.

It is there whole, under its name, or not at all. With a recipient it is encrypted by the program ``age`` while it is written.
"""

import hashlib
import io
import json
import os
import shutil
import subprocess
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from django.core.management.base import CommandError

FORMAT = 1
DATABASE, FILES, MANIFEST = "database", "files/", "manifest.json"
ENCRYPTED = b"age-encryption.org/"
CHUNK = 1024 * 1024
NO_AGE = "The backup is encrypted by the program “age”, which is not installed here: apt install age"
CUT_SHORT = "The backup is not whole: it ends before its manifest. Take another one."
NO_BACKUP = "This is no backup of this site, or it was damaged: %s"


class Writer:
    """A backup that is being written: adds members, and remembers what the manifest is to say of them."""

    def __init__(self, stream: BinaryIO):
        self._tar, self._members = tarfile.TarFile(mode="w", fileobj=_Counted(stream), format=tarfile.PAX_FORMAT), {}

    def add(self, name: str, file: BinaryIO, size: int) -> None:
        member, hashed = tarfile.TarInfo(name), _Hashed(file)
        member.size, member.mode = size, 0o600
        self._tar.addfile(member, hashed)
        self._members[name] = [size, hashed.digest.hexdigest()]

    def finish(self, facts: dict) -> None:
        """Write the manifest: whatever has none was cut short."""
        text = json.dumps({"format": FORMAT, **facts, "members": self._members}).encode()
        self.add(MANIFEST, io.BytesIO(text), len(text))
        self._tar.close()


class _Counted:
    """A stream that knows where it is, as a tar wants it; a pipe does not."""

    def __init__(self, stream: BinaryIO):
        self._stream, self._written = stream, 0

    def write(self, chunk: bytes) -> int:
        self._written += len(chunk)
        return self._stream.write(chunk)

    def tell(self) -> int:
        return self._written


class _Hashed:
    """A file that is hashed while it is read."""

    def __init__(self, file: BinaryIO):
        self._file, self.digest = file, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        chunk = self._file.read(size)
        self.digest.update(chunk)
        return chunk


@contextmanager
def writing(target: Path, *, recipient: str) -> Iterator[Writer]:
    """Context manager: a new backup, which has its name when the disk has all of it; on a failure nothing is left."""
    part = target.with_name(f".{target.name}.part")
    try:
        part.unlink(missing_ok=True)
        with _new(part) as file:
            with _encrypted(file, recipient) if recipient else _plain(file) as stream:
                yield Writer(stream)
            file.flush()
            os.fsync(file.fileno())
        part.rename(target)
        _sync(target.parent)
    finally:
        part.unlink(missing_ok=True)


def _new(path: Path) -> BinaryIO:
    """A new file that nobody else on the machine can read."""
    path.touch(mode=0o600, exist_ok=False)
    return path.open("wb")


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _plain(file: BinaryIO) -> Iterator[BinaryIO]:
    yield file


@contextmanager
def _encrypted(file: BinaryIO, recipient: str) -> Iterator[BinaryIO]:
    whom = "--recipients-file" if recipient.startswith("/") else "--recipient"
    with _age("--encrypt", whom, recipient, stdin=subprocess.PIPE, stdout=file) as age:
        yield age.stdin


@contextmanager
def _age(*arguments, **streams) -> Iterator[subprocess.Popen]:
    """Context manager: the running program; CommandError with its own words when it fails."""
    if not (program := shutil.which("age")):
        raise CommandError(NO_AGE)
    command = [program, *arguments]
    with subprocess.Popen(command, stderr=subprocess.PIPE, **streams) as age:  # noqa: S603 - words of ours
        try:
            yield age
        except BaseException as error:
            _end(age)
            if age.returncode > 0:  # then that is why
                raise CommandError(_said(age)) from error
            raise
        if age.stdin:
            age.stdin.close()
        if age.wait():
            raise CommandError(_said(age))


def _end(age: subprocess.Popen) -> None:
    """Kill the program unless it has ended by itself, as it does when it fails."""
    with suppress(subprocess.TimeoutExpired):
        age.wait(timeout=1)
    age.kill()
    age.wait()
    if age.stdin:
        with suppress(BrokenPipeError):
            age.stdin.close()


def _said(age: subprocess.Popen) -> str:
    return age.stderr.read().decode(errors="replace").strip().partition("\n")[0] or "age failed"


def read(source: Path, *, identity: str, into: Path, only: str = "") -> dict:
    """Read a whole backup, compare each member with the manifest, and return that; CommandError says what is wrong.

    The members are kept in a folder: all, or ``only`` one.
    """
    found, manifest = {}, None
    with _opened(source, identity) as stream:
        try:
            with tarfile.open(mode="r|", fileobj=stream) as tar:
                for member in tar:
                    if member.name == MANIFEST:
                        manifest = json.load(tar.extractfile(member))
                    else:
                        found[member.name] = _take(tar, member, None if only and member.name != only else into)
        except (tarfile.TarError, ValueError, EOFError) as error:
            raise CommandError(CUT_SHORT if found else NO_BACKUP % error) from error
    if manifest is None:
        raise CommandError(CUT_SHORT)
    _compare(found, manifest)
    return manifest


def _take(tar: tarfile.TarFile, member: tarfile.TarInfo, into: Path | None) -> list:
    """The size and the checksum of a member, which is kept in a folder if there is one."""
    if not (member.isreg() and _is_safe(member.name)):
        raise CommandError(NO_BACKUP % f"it holds “{member.name}”")
    content = _Hashed(tar.extractfile(member))
    if into is None:
        while content.read(CHUNK):
            pass
    else:
        path = into / member.name
        path.parent.mkdir(parents=True, exist_ok=True)
        with _new(path) as file:
            shutil.copyfileobj(content, file, CHUNK)
    return [member.size, content.digest.hexdigest()]


def _is_safe(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return name == DATABASE or (name.startswith(FILES) and ".." not in parts and len(parts) > 1)


def _compare(found: dict, manifest: dict) -> None:
    if manifest.get("format") != FORMAT:
        raise CommandError("The backup is of another kind than this version of the site can read.")
    told = manifest["members"]
    wrong = [f"{name}: not what it was" for name in found if name in told and found[name] != told[name]]
    wrong += [f"{name}: missing" for name in told if name not in found]
    wrong += [f"{name}: not in the manifest" for name in found if name not in told]
    if wrong or DATABASE not in found:
        raise CommandError("\n".join(["The backup was damaged. Take another one.", *wrong[:20]]))


@contextmanager
def _opened(source: Path, identity: str) -> Iterator[BinaryIO]:
    """Context manager: the tar in a file, decrypted if need be."""
    try:
        file = source.open("rb", buffering=0)  # another program reads on where we stopped
    except OSError as error:
        raise CommandError(f"{source} cannot be read ({error.strerror}).") from error
    with file:
        is_encrypted = file.read(len(ENCRYPTED)) == ENCRYPTED
        file.seek(0)
        if not is_encrypted:
            yield file
            return
        if not identity:
            raise CommandError("The backup is encrypted: say with --identity which file has the key for it.")
        with _age("--decrypt", "--identity", identity, stdin=file, stdout=subprocess.PIPE) as age:
            yield age.stdout
            age.stdout.read()
