"""Readers of uploads: processes with limits; what is the server's fault is told apart from what is the upload's; no form waits long."""

import errno
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from datetime import timedelta
from pathlib import Path
from threading import Condition

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from partners.models import Document
from tests.back_office import errors, press
from tests.factories import SCAN, make_city, make_memorandum
from tests.hostile import deflated
from twinning.core import checks
from twinning.core.backoffice.base import EditorAdmin
from twinning.core.files import documents, limited, readers, uploads
from twinning.core.files.documents import UNREADABLE, read_pdf
from twinning.core.files.readers import NOT_LOOKED_AT, Reader, Unreadable
from twinning.core.files.uploads import NO_TIME, share_time
from twinning.core.photos import pictures

ROOT = Path(__file__).parents[3]
# Root may start processes in spite of any limit, so this steps down to somebody without rights of his own.
LIMITED = """
import os, subprocess, sys
sys.path.insert(0, sys.argv[1])
import limited
if os.geteuid() == 0:
    os.setgroups([]), os.setgid(65534), os.setuid(65534)
limited.limit_process(256)
"""


@pytest.fixture
def reader_that(tmp_path):
    """Function: a reader with a function ``answer`` of these lines."""

    def reader_that(*lines: str, before: str = "", megabytes: int = 64) -> Reader:
        program = tmp_path / "reader.py"
        body = "".join(f"    {line}\n" for line in lines)
        program.write_text(f"import os, signal, socket, subprocess, sys, time\n{before}\ndef answer(content):\n{body}")
        return Reader(program, megabytes, b"sample")

    return reader_that


def run(reader: Reader) -> bytes:
    return readers.run(reader, b"content", (), deadline=time.monotonic() + 60)


def refusal(reader: Reader, monkeypatch) -> ValidationError:
    """The error about an upload for which this reader was asked."""
    monkeypatch.setattr(documents, "READER", reader)
    with pytest.raises(ValidationError) as refused:
        read_pdf(ContentFile(b"%PDF-1.7 that no other test reads"))
    return refused.value


def test_reader_answers_from_a_process_without_environment(reader_that, monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "secret")
    assert run(reader_that("return content + repr(sorted(os.environ)).encode()")).startswith(b"content['LC_CTYPE']")


@pytest.mark.parametrize(
    "line",
    [
        "bytes(128 * 1024 * 1024)",
        "[open(os.devnull) for _file in range(40)]",
        "sys.stdout.buffer.write(bytes(1024 * 1024)), [sys.stdout.buffer.write(bytes(1024 * 1024)) for _megabyte in range(64)]",
        "open(os.path.join(os.path.dirname(__file__), 'written'), 'wb').write(bytes(65 * 1024 * 1024))",
    ],
    ids=["memory", "open files", "answer", "written file"],
)
def test_reader_has_little_of_everything(reader_that, line):
    with pytest.raises(Unreadable, match=r"MemoryError|Too many open files|File too large"):
        run(reader_that(line, "return b''"))


@pytest.mark.parametrize("line", ["os.fork() or os._exit(0)", "subprocess.run([sys.executable, '-c', ''])"])
def test_reader_starts_no_process(line):
    command = [sys.executable, "-c", LIMITED + line, Path(limited.__file__).parent]
    done = subprocess.run(command, capture_output=True, env={})
    assert b"Resource temporarily unavailable" in done.stderr


@pytest.mark.parametrize(
    "line",
    ["raise ValueError('broken')", "os.kill(os.getpid(), signal.SIGSEGV)", "os.kill(os.getpid(), signal.SIGPROF)"],
)
def test_upload_at_which_the_reader_ends_is_called_unreadable(reader_that, monkeypatch, caplog, line):
    assert refusal(reader_that(line), monkeypatch).messages == [UNREADABLE]
    assert not [record for record in caplog.records if record.levelname == "ERROR"]


@pytest.mark.parametrize(
    ("before", "line", "said"),
    [
        ("import no_such_module", "return b''", "No module named 'no_such_module'"),
        ("os.kill(os.getpid(), signal.SIGSEGV)", "return b''", "it ended with -11"),
        ("", "os.kill(os.getpid(), signal.SIGKILL)", "it ended with -9"),
        ("", "os._exit(os.EX_TEMPFAIL)", "it ended with 75"),
    ],
    ids=["library missing", "library broken", "ended from outside", "disk full"],
)
def test_nothing_is_said_against_an_upload_when_the_reader_could_not_run(
    reader_that, monkeypatch, caplog, before, line, said
):
    assert refusal(reader_that(line, before=before), monkeypatch).messages == [NOT_LOOKED_AT]
    [record] = [record for record in caplog.records if record.levelname == "ERROR"]
    assert record.getMessage().startswith("reader.py did not run: ")
    assert said in record.getMessage()


def test_nothing_is_said_against_an_upload_when_there_is_no_python(monkeypatch, caplog):
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    assert refusal(documents.READER, monkeypatch).code == "not_looked_at"
    assert "pdf_reader.py did not run: [Errno 2] No such file or directory: '/nowhere/python'" in caplog.text


def test_nothing_is_said_against_an_upload_when_the_disk_is_full(monkeypatch, caplog):
    def full(*args, **kwargs):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(readers, "TemporaryFile", full)
    assert refusal(documents.READER, monkeypatch).code == "not_looked_at"
    assert "No space left on device" in caplog.text


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="Only Linux has a full disk at hand.")
def test_reader_says_when_it_has_no_room_for_its_answer():
    command = [sys.executable, "-I", "-B", limited.__file__, "640", documents.READER.program]
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(command, input=SCAN, stdout=full, stderr=subprocess.PIPE, env={})
    assert done.returncode == os.EX_TEMPFAIL


def test_every_reader_is_tried_by_the_check_of_a_site_in_use(monkeypatch, reader_that):
    assert checks.reader_problems() == []
    monkeypatch.setattr(pictures, "READER", reader_that("return b''", before="import no_such_module"))
    [error] = checks.readers_run(None)
    assert (error.id, "No module named" in error.msg) == ("core.E002", True)
    with pytest.raises(CommandError, match="No module named"):
        call_command("check", deploy=True, tags=["files"])


def test_commands_that_check_nothing_for_a_site_in_use_start_no_reader(monkeypatch):
    monkeypatch.setattr(Reader, "problem", lambda reader: 1 / 0)
    call_command("check")


# The time of a form -----------------------------------------------------------------------------------------------------


def slow(number: int) -> bytes:
    """A PDF that keeps a reader busy for as long as it lets itself be."""
    return deflated(b"BT (a) Tj ET\n" * 20_000, 100) + b"\n%% %d" % number


def send(editor, *contents: bytes):
    """Send a form with these files, each with all that belongs to it."""
    sent = {"documents-TOTAL_FORMS": str(len(contents)), "place": "Leeds"}
    for number, content in enumerate(contents):
        typed = {"title": f"Paper {number}", "kind": "scan", "language": "en", "summary": "<p>It says so.</p>"}
        typed |= {"file": SimpleUploadedFile(f"paper-{number}.pdf", content)}
        sent |= {f"documents-{number}-{field}": value for field, value in typed.items()}
    return press(editor, make_memorandum(make_city()), **sent)


@pytest.mark.django_db
def test_ten_slow_files_in_one_form_are_all_named_within_its_time_and_the_form_is_kept(editor, monkeypatch):
    late, check_uploads = [], EditorAdmin.check_uploads

    def timed(form, request):
        check_uploads(form, request)
        deadline = next(iter(request.FILES.values())).deadline
        late.append(time.monotonic() - deadline)

    monkeypatch.setattr(EditorAdmin, "check_uploads", timed)
    response = send(editor, *map(slow, range(10)))
    # Behind the deadline one reader is ended and nothing else is begun, however busy the machine is.
    assert late[0] < 3
    found = errors(response)
    assert [error.partition(":")[0] for error in found] == [f"documents-{number}-file" for number in range(10)]
    no_time = [NO_TIME % {"name": f"paper-{number}.pdf"} for number in range(10)]
    assert {error.partition(": ")[2] for error in found} <= {str(UNREADABLE), *no_time}
    page = response.content.decode()
    assert all(f'value="Paper {number}"' in page for number in range(10))
    assert 'value="Leeds"' in page
    assert not Document.objects.exists()


@pytest.mark.django_db
def test_files_for_which_no_time_is_left_are_named_and_the_others_are_read(editor, monkeypatch, reader_that):
    monkeypatch.setattr(uploads, "FORM_SECONDS", 3)
    sleeper = reader_that(
        "time.sleep(60 if b'sleep' in content else 0)", """return b'{"refused": {}, "pages": 1, "has_text": true}'"""
    )
    monkeypatch.setattr(documents, "READER", sleeper)
    response = send(editor, SCAN + b"% 1", SCAN + b"% sleep", SCAN + b"% 3")
    assert errors(response) == [f"documents-{n}-file: {NO_TIME % {'name': f'paper-{n}.pdf'}}" for n in (1, 2)]


@pytest.mark.django_db
def test_files_are_read_before_the_transaction_that_keeps_others_waiting(editor, monkeypatch):
    inside, read = [], Reader.read

    def noting(reader, *args):
        inside.append(connection.in_atomic_block and len(connection.savepoint_ids))
        return read(reader, *args)

    monkeypatch.setattr(Reader, "read", noting)
    send(editor, SCAN + b"% 1", SCAN + b"% 2")
    assert Document.objects.count() == 2
    assert inside == [0, 0]


@pytest.mark.parametrize(("passed", "left"), [(0, 20), (12, 8), (19, 5), (60, 5)])
def test_time_of_a_form_is_shared_by_its_files_and_begins_when_they_begin_to_arrive(passed, left):
    first, second = ContentFile(b"1"), ContentFile(b"2")
    share_time([first, second], since=timezone.now() - timedelta(seconds=passed))
    assert first.deadline == second.deadline
    assert uploads.seconds_left(first) == pytest.approx(left, abs=1)
    assert uploads.seconds_left(ContentFile(b"3")) == pytest.approx(20, abs=1)


def test_file_for_which_no_time_is_left_is_not_even_fetched_from_the_disk(monkeypatch):
    upload = ContentFile(SCAN)
    upload.deadline, upload.name = time.monotonic(), "scan.pdf"
    monkeypatch.setattr(upload, "chunks", lambda: pytest.fail("It was read."))
    with pytest.raises(ValidationError) as refused:
        read_pdf(upload)
    assert refused.value.code == "no_time"


# The web process --------------------------------------------------------------------------------------------------------


def test_web_process_loads_nothing_that_opens_pictures_or_documents():
    code = (
        "import django, sys; django.setup(); import twinning.wsgi; from django.urls import get_resolver;"
        "get_resolver().url_patterns; print(sorted({'PIL.Image', 'pypdf'} & sys.modules.keys()))"
    )
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings"}
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.stdout == "[]\n", done.stderr


def readers_of_four_uploads_at_once(monkeypatch, *, patience: float) -> list[int]:
    """How many are at work whenever one begins; each waits some seconds for all others to begin."""
    changed, running, counts = Condition(), [], []

    def run(reader, content, arguments, *, deadline):
        with changed:
            running.append(content)
            counts.append(len(running))
            changed.notify_all()
            changed.wait_for(lambda: len(counts) == 4, patience)
            running.pop()

    monkeypatch.setattr(readers, "run", run)
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(documents.READER.read, [ContentFile(b"an upload") for _ in range(4)]))
    return counts


class NoLock(nullcontext):
    def acquire(self, timeout):
        return True

    def release(self):
        pass


def test_threads_of_a_server_read_one_upload_after_the_other(monkeypatch):
    assert readers_of_four_uploads_at_once(monkeypatch, patience=0.1) == [1, 1, 1, 1]


def test_without_the_lock_threads_would_read_all_uploads_at_once(monkeypatch):
    monkeypatch.setattr(readers, "_one_at_a_time", NoLock())
    assert readers_of_four_uploads_at_once(monkeypatch, patience=60) == [1, 2, 3, 4]


def test_upload_that_waits_for_others_is_given_up_when_its_time_is_over(monkeypatch):
    monkeypatch.setattr(uploads, "FORM_SECONDS", 0.05)
    with readers._one_at_a_time:
        assert refusal(documents.READER, monkeypatch).code == "no_time"
