"""A mail server for tests: takes mails on this machine, and knows to whom each went."""

import socketserver
import threading
from contextlib import contextmanager


class _Conversation(socketserver.StreamRequestHandler):
    """What a mail server says (RFC 5321), as far as a mail needs it."""

    def handle(self):
        self.say("220 sink")
        recipient = ""
        while line := self.rfile.readline().decode().strip():
            verb = line[:4].upper()
            if verb == "EHLO":
                self.say("250 sink")
            elif verb == "RCPT":
                recipient = line.partition("<")[2].partition(">")[0]
                self.say(self.server.refusals.get(recipient, "250 fine"))
            elif verb == "DATA":
                if not self.server.may_take(len(self.server.mails)):
                    return
                self.say("354 go on")
                text = b"".join(iter(self.rfile.readline, b".\r\n"))
                self.server.mails.append((recipient, text.decode()))
                self.say("250 taken")
            else:
                self.say("221 bye" if verb == "QUIT" else "250 fine")

    def say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


class Sink(socketserver.ThreadingTCPServer):
    """The mails that were taken; ``refusals`` has what is said to an address, ``may_take`` whether the next is taken."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Conversation)
        self.mails, self.refusals, self.may_take = [], {}, lambda _taken: True

    @property
    def recipients(self) -> list[str]:
        return sorted(recipient for recipient, _text in self.mails)

    @property
    def mailers(self) -> dict:
        """The setting MAILERS of a site whose mail server this is."""
        options = {"host": "127.0.0.1", "port": self.server_address[1], "timeout": 5}
        return {"default": {"BACKEND": "django.core.mail.backends.smtp.EmailBackend", "OPTIONS": options}}


@contextmanager
def smtp_sink():
    """A mail server that answers until the end."""
    with Sink() as sink:
        threading.Thread(target=sink.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield sink
        sink.shutdown()
