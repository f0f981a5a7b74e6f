"""The Nu HTML checker as a fixture. Mark the tests that use it with `nu`.

nu(html)    the checker's errors and warnings, one line each; an empty list says that the document is valid
"""

import json
import socket
import subprocess
import time
from http.client import HTTPConnection

import pytest

from tests.machine import JAVA, VNU

SECONDS_TO_START = 120
# The grammar of HTML needs a deep stack, and a process of half a minute is quicker without the optimising compiler.
JVM = ["-Xss8m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Dnu.validator.servlet.bind-address=127.0.0.1"]


@pytest.fixture(scope="session")
def nu():
    """Java takes seconds to start, so one checker serves all tests, on the loopback interface only."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    checker = subprocess.Popen(
        [JAVA, *JVM, "-cp", VNU, "nu.validator.servlet.Main", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    wait_for(checker, port)

    def nu(html: str) -> list[str]:
        connection = HTTPConnection("127.0.0.1", port, timeout=60)
        # Nobody without a User-Agent gets an answer.
        headers = {"Content-Type": "text/html; charset=utf-8", "User-Agent": "tests"}
        connection.request("POST", "/?out=json", html.encode(), headers)
        messages = json.load(connection.getresponse())["messages"]
        connection.close()
        return [
            f"{message['message']} (line {message.get('lastLine')}: {message.get('extract')})"
            for message in messages
            if message["type"] != "info" or message.get("subType") == "warning"
        ]

    yield nu
    checker.terminate()
    checker.wait()


def wait_for(checker, port):
    for _ in range(SECONDS_TO_START * 10):
        assert checker.poll() is None, "The Nu checker ended before it answered"
        try:
            return socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.1)
    raise AssertionError("The Nu checker did not start")
