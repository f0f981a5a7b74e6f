"""A backup is there whole or not at all, and what was damaged, cut short or encrypted for others is told in words."""

import io
import json
import subprocess
import tarfile

import pytest
from django.core.management import CommandError

from tests.machine import AGE
from twinning.operations import archive

MEMBERS = {"database": b"rows" * 5000, "files/ab/abcd": b"a scan", "files/cd/cdef": b""}


def write(target, *, recipient="", members=MEMBERS):
    with archive.writing(target, recipient=recipient) as writer:
        for name, content in members.items():
            writer.add(name, io.BytesIO(content), len(content))
        writer.finish({"engine": "sqlite"})
    return target


def refused(source, into, **options) -> str:
    with pytest.raises(CommandError) as ended:
        archive.read(source, into=into, **{"identity": "", **options})
    return str(ended.value)


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "read").mkdir()
    return tmp_path / "read"


def test_what_was_written_is_read(tmp_path, folder):
    manifest = archive.read(write(tmp_path / "backup.tar"), identity="", into=folder)
    assert manifest["engine"] == "sqlite"
    assert {name: (folder / name).read_bytes() for name in manifest["members"]} == MEMBERS


def test_nobody_else_on_the_machine_can_read_it(tmp_path, folder):
    source = write(tmp_path / "backup.tar")
    archive.read(source, identity="", into=folder)
    assert [path.stat().st_mode & 0o077 for path in (source, folder / "database")] == [0, 0]


def test_one_member_is_kept_and_all_are_compared(tmp_path, folder):
    source = write(tmp_path / "backup.tar")
    archive.read(source, identity="", into=folder, only="database")
    assert [path.name for path in folder.iterdir()] == ["database"]
    source.write_bytes(source.read_bytes().replace(b"a scan", b"a scam"))
    assert "files/ab/abcd: not what it was" in refused(source, folder, only="files/none")


@pytest.mark.parametrize("left", [0.3, 0.7, 0.95])
def test_backup_that_was_cut_short_is_told(tmp_path, folder, left):
    source = write(tmp_path / "backup.tar")
    content = source.read_bytes()
    source.write_bytes(
        content[: content.index(b"manifest.json")] if left > 0.9 else content[: int(left * len(content))]
    )
    said = refused(source, folder)
    assert said == archive.CUT_SHORT or "is no backup" in said


def test_what_is_no_backup_is_told(tmp_path, folder):
    (tmp_path / "backup.tar").write_bytes(b"something else" * 1000)
    assert "This is no backup" in refused(tmp_path / "backup.tar", folder)
    assert "cannot be read" in refused(tmp_path / "nothing.tar", folder)


def test_members_that_the_manifest_does_not_tell_and_lost_ones_are_named(tmp_path, folder):
    source = tmp_path / "backup.tar"
    told = {"format": 1, "members": {"database": [1, "0"], "files/lost": [1, "0"]}}
    with tarfile.open(source, "w") as tar:
        for name, content in {"files/slipped-in": b"!", "manifest.json": json.dumps(told).encode()}.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    said = refused(source, folder)
    assert "files/lost: missing" in said
    assert "files/slipped-in: not in the manifest" in said


@pytest.mark.parametrize("name", ["/etc/passwd", "files/../../x", "elsewhere", "files/"])
def test_no_member_leads_out_of_the_folder(tmp_path, folder, name):
    source = tmp_path / "backup.tar"
    with tarfile.open(source, "w") as tar:
        tar.addfile(tarfile.TarInfo(name))
    assert "it holds" in refused(source, folder)
    assert not list(folder.iterdir())


@pytest.mark.parametrize("size", [4, 5])
def test_nothing_is_left_when_writing_fails(tmp_path, size):
    """Content that is shorter than it was said to be, and a disk that is full."""
    with pytest.raises(OSError, match=r"unexpected end|full"), archive.writing(tmp_path / "b", recipient="") as writer:
        fail_with(writer, size)
    assert not list(tmp_path.iterdir())


def fail_with(writer, size: int) -> None:
    writer.add("database", io.BytesIO(b"rows"), size)
    raise OSError("the disk is full")


# Encrypted ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def keys(tmp_path):
    """The path of a key, and the public key that belongs to it; a second path with another key."""
    made = []
    for name in ("key", "other"):
        subprocess.run([AGE + "-keygen", "-o", tmp_path / name], check=True, capture_output=True)
        made.append((tmp_path / name).read_text().partition("# public key: ")[2].partition("\n")[0])
    return str(tmp_path / "key"), made[0], str(tmp_path / "other")


@pytest.mark.age
def test_encrypted_backup_opens_with_its_key_and_no_other(tmp_path, folder, keys):
    key, recipient, other = keys
    source = write(tmp_path / "backup.tar.age", recipient=recipient)
    assert b"rows" not in source.read_bytes()
    assert "--identity" in refused(source, folder)
    assert "no identity matched" in refused(source, folder, identity=other)
    archive.read(source, identity=key, into=folder)
    assert (folder / "database").read_bytes() == MEMBERS["database"]


@pytest.mark.age
def test_encrypted_backup_that_was_damaged_is_told(tmp_path, folder, keys):
    key, recipient, _other = keys
    content = write(tmp_path / "backup.tar.age", recipient=recipient, members={"database": b"r" * 300_000}).read_bytes()
    (tmp_path / "backup.tar.age").write_bytes(content[:150_000] + b"?" + content[150_001:])
    assert "age: " in refused(tmp_path / "backup.tar.age", folder, identity=key)


@pytest.mark.age
def test_several_recipients_stand_in_a_file(tmp_path, folder, keys):
    key, recipient, _other = keys
    (tmp_path / "recipients").write_text(f"# of the council\n{recipient}\n")
    archive.read(write(tmp_path / "b.tar.age", recipient=str(tmp_path / "recipients")), identity=key, into=folder)


@pytest.mark.age
def test_wrong_recipient_leaves_nothing(tmp_path):
    with pytest.raises(CommandError, match="age: "):
        write(tmp_path / "backup.tar.age", recipient="age1nobody")
    assert not list(tmp_path.iterdir())


def test_missing_program_is_named_and_nothing_is_written_unencrypted(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", "")
    with pytest.raises(CommandError, match="apt install age"):
        write(tmp_path / "backup.tar.age", recipient="age1whoever")
    assert not list(tmp_path.iterdir())
