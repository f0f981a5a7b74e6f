"""A proxy in front of a server on this machine, which can be frozen, stopped and started again."""

import socket
import threading
from contextlib import suppress


class Proxy:
    """Passes bytes both ways. Frozen, it takes connections and passes nothing on; stopped, it refuses them."""

    def __init__(self, host: str, port: int):
        self._target, self.port = (host, port), 0
        self._flowing, self._open, self._server = threading.Event(), [], None

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *exc_info):
        self.stop()

    def start(self) -> None:
        """Begin, or go on with what was frozen."""
        self._flowing.set()
        if self._server is None:
            self._server = socket.create_server(("127.0.0.1", self.port))
            self.port = self._server.getsockname()[1]
            threading.Thread(target=self._accept, args=[self._server], daemon=True).start()

    def freeze(self) -> None:
        self._flowing.clear()

    def stop(self) -> None:
        server, self._server = self._server, None
        for one in [server, *self._open]:
            if one:
                with suppress(OSError):
                    one.shutdown(socket.SHUT_RDWR)
                one.close()
        self._open.clear()
        self._flowing.set()

    def _accept(self, server) -> None:
        with suppress(OSError):
            while True:
                here = server.accept()[0]
                there = socket.create_connection(self._target)
                self._open += [here, there]
                for ends in ((here, there), (there, here)):
                    threading.Thread(target=self._pass_on, args=ends, daemon=True).start()

    def _pass_on(self, source, target) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                self._flowing.wait()
                target.sendall(data)
        for one in (source, target):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
